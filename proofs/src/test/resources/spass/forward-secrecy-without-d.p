% The broken twin: the products with D are left out. Expected: Proof found.
include('common.p').
cnf(stolen_a, axiom, att(a)).
cnf(stolen_c, axiom, att(c)).
cnf(cookie_echo_b, axiom, att(pk(x(S,pk(c),pk(y(R)))))).
cnf(first_message, axiom, att(enc(kdf1(kdf0(zero,dh(x(S,pk(c),pk(y(R))),pk(c)),t(pk(x(S,pk(c),pk(y(R)))),pk(y(R)),pk(c))),zero,dh(a,pk(c)),pk(a)),sec))).
cnf(goal, negated_conjecture, ~att(sec)).
