% The broken twin: the products with C are left out, so that anybody with a D of his own is the server.
% Expected: Proof found.
include('common.p').
cnf(cookie_echo_b, axiom, ~att(P) | ~att(D) | att(pk(x(S,P,D)))).
cnf(cookie_echo_box, axiom, ~att(P) | ~att(D) | att(enc(kdf0(dh(x(S,P,D),D),zero,t(pk(x(S,P,D)),D,P)),pk(a)))).
cnf(cookie_echo_early, axiom, ~att(P) | ~att(D) | att(enc(kdf1(kdf0(dh(x(S,P,D),D),zero,t(pk(x(S,P,D)),D,P)),dh(a,D),zero,pk(a)),hello))).
cnf(goal, negated_conjecture, ~att(kdf1(kdf0(dh(x(S,pk(c),D),D),zero,t(pk(x(S,pk(c),D)),D,pk(c))),dh(a,D),zero,pk(a)))).
