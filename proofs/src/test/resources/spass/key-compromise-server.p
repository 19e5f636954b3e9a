% Key compromise: whoever has stolen c still cannot be the client pk(a) towards that server.
% Expected: Completion found.
include('common.p').
cnf(stolen, axiom, att(c)).
cnf(reply, axiom, ~att(B) | att(enc(kdf1(kdf0(dh(y(S),B),dh(c,B),t(B,pk(y(S)),pk(c))),dh(y(S),pk(a)),dh(c,pk(a)),pk(a)),sec))).
cnf(goal, negated_conjecture, ~att(sec)).
