% The broken twin: bC is left out (the unified model); with a stolen, aC is known, and D is the thief's.
% Expected: Proof found.
include('common.p').
cnf(stolen, axiom, att(a)).
cnf(cookie_echo_b, axiom, ~att(P) | ~att(D) | att(pk(x(S,P,D)))).
cnf(cookie_echo_box, axiom, ~att(P) | ~att(D) | att(enc(kdf0(dh(x(S,P,D),D),zero,t(pk(x(S,P,D)),D,P)),pk(a)))).
cnf(cookie_echo_early, axiom, ~att(P) | ~att(D) | att(enc(kdf1(kdf0(dh(x(S,P,D),D),zero,t(pk(x(S,P,D)),D,P)),zero,dh(a,P),pk(a)),hello))).
cnf(first_message, axiom, ~att(D) | att(enc(kdf1(kdf0(dh(x(S,pk(c),D),D),zero,t(pk(x(S,pk(c),D)),D,pk(c))),zero,dh(a,pk(c)),pk(a)),sec))).
cnf(goal, negated_conjecture, ~att(sec)).
