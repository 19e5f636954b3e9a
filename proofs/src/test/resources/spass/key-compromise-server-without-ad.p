% The broken twin: aD is left out; with c stolen, aC is known, and B is the thief's.
% Expected: Proof found.
include('common.p').
cnf(stolen, axiom, att(c)).
cnf(reply, axiom, ~att(B) | att(enc(kdf1(kdf0(dh(y(S),B),dh(c,B),t(B,pk(y(S)),pk(c))),zero,dh(c,pk(a)),pk(a)),sec))).
cnf(goal, negated_conjecture, ~att(sec)).
