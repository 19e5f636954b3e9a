% Both transient scalars leak (bad randomness): aC still stands. Expected: Completion found.
include('common.p').
cnf(leaked_b, axiom, att(x(S,pk(c),pk(y(R))))).
cnf(leaked_d, axiom, att(y(S))).
cnf(first_message, axiom, att(enc(kdf1(kdf0(dh(x(S,pk(c),pk(y(R))),pk(y(R))),dh(x(S,pk(c),pk(y(R))),pk(c)),t(pk(x(S,pk(c),pk(y(R)))),pk(y(R)),pk(c))),dh(a,pk(y(R))),dh(a,pk(c)),pk(a)),sec))).
cnf(goal, negated_conjecture, ~att(sec)).
