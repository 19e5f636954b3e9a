% Whoever has not c does not learn who calls, also when he answers with a D of his own.
% Expected: Completion found.
include('common.p').
cnf(cookie_echo_b, axiom, ~att(D) | att(pk(x(S,pk(c),D)))).
cnf(cookie_echo_box, axiom, ~att(D) | att(enc(kdf0(dh(x(S,pk(c),D),D),dh(x(S,pk(c),D),pk(c)),t(pk(x(S,pk(c),D)),D,pk(c))),identity))).
cnf(goal, negated_conjecture, ~att(identity)).
