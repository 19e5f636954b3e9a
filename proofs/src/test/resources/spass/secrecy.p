% The first message of an honest client to the honest server stays secret, against an attacker who makes up D.
% Expected: Completion found.
include('common.p').
cnf(first_message, axiom, ~att(D) | att(enc(kdf1(kdf0(dh(x(S,pk(c),D),D),dh(x(S,pk(c),D),pk(c)),t(pk(x(S,pk(c),D)),D,pk(c))),dh(a,D),dh(a,pk(c)),pk(a)),sec))).
cnf(goal, negated_conjecture, ~att(sec)).
