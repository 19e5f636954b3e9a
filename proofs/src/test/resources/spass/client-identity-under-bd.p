% The broken twin: the identity is sealed under bD alone. Expected: Proof found.
include('common.p').
cnf(cookie_echo_b, axiom, ~att(D) | att(pk(x(S,pk(c),D)))).
cnf(cookie_echo_box, axiom, ~att(D) | att(enc(kdf0(dh(x(S,pk(c),D),D),zero,t(pk(x(S,pk(c),D)),D,pk(c))),identity))).
cnf(goal, negated_conjecture, ~att(identity)).
