% The broken twin: K1 follows from K0 alone, as for an anonymous client, although an identity is shown.
% Expected: Proof found.
include('common.p').
cnf(reply, axiom, ~att(B) | att(enc(kdf1(kdf0(dh(y(S),B),dh(c,B),t(B,pk(y(S)),pk(c))),zero,zero,pk(a)),sec))).
cnf(goal, negated_conjecture, ~att(sec)).
