% Forward secrecy: a session between the honest two stays secret when both durable keys are stolen afterwards.
% Expected: Completion found.
include('common.p').
cnf(stolen_a, axiom, att(a)).
cnf(stolen_c, axiom, att(c)).
cnf(cookie_echo_b, axiom, att(pk(x(S,pk(c),pk(y(R)))))).
cnf(first_message, axiom, att(enc(kdf1(kdf0(dh(x(S,pk(c),pk(y(R))),pk(y(R))),dh(x(S,pk(c),pk(y(R))),pk(c)),t(pk(x(S,pk(c),pk(y(R)))),pk(y(R)),pk(c))),dh(a,pk(y(R))),dh(a,pk(c)),pk(a)),sec))).
cnf(goal, negated_conjecture, ~att(sec)).
