% Nobody but the server can make a COOKIE-ACK that opens: the attacker has no K1 of a client that wants pk(c).
% Expected: Completion found.
include('common.p').
cnf(goal, negated_conjecture, ~att(kdf1(kdf0(dh(x(S,pk(c),D),D),dh(x(S,pk(c),D),pk(c)),t(pk(x(S,pk(c),D)),D,pk(c))),dh(a,D),dh(a,pk(c)),pk(a)))).
