% Every discrete logarithm of a recorded session is found one day: what followed the ML-KEM exchange stays secret.
% Expected: Completion found.
include('common.p').
cnf(quantum_client, axiom, att(a)).
cnf(quantum_server, axiom, att(c)).
cnf(quantum_b, axiom, att(x(S,pk(c),pk(y(R))))).
cnf(quantum_d, axiom, att(y(S))).
cnf(kem_key, axiom, att(ek(k(S)))).
cnf(kem_ciphertext, axiom, att(ct(ek(k(S)),r(S)))).
cnf(encapsulates, axiom, ~att(E) | ~att(R) | att(ct(E,R))).
cnf(encapsulated, axiom, ~att(E) | ~att(R) | att(ss(E,R))).
cnf(decapsulates, axiom, ~att(K) | ~att(ct(ek(K),R)) | att(ss(ek(K),R))).
cnf(mixes, axiom, ~att(K) | ~att(X) | ~att(E) | ~att(C) | att(kdf2(K,X,E,C))).
cnf(later_message, axiom, att(enc(kdf2(kdf1(kdf0(dh(x(S,pk(c),pk(y(R))),pk(y(R))),dh(x(S,pk(c),pk(y(R))),pk(c)),t(pk(x(S,pk(c),pk(y(R)))),pk(y(R)),pk(c))),dh(a,pk(y(R))),dh(a,pk(c)),pk(a)),ss(ek(k(S)),r(S)),ek(k(S)),ct(ek(k(S)),r(S))),sec))).
cnf(goal, negated_conjecture, ~att(sec)).
