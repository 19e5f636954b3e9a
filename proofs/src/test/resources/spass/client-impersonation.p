% The server's reply to whoever calls himself pk(a) is secret to everybody else, who may choose B.
% Expected: Completion found.
include('common.p').
cnf(reply, axiom, ~att(B) | att(enc(kdf1(kdf0(dh(y(S),B),dh(c,B),t(B,pk(y(S)),pk(c))),dh(y(S),pk(a)),dh(c,pk(a)),pk(a)),sec))).
cnf(goal, negated_conjecture, ~att(sec)).
