% Key compromise: whoever has stolen a still cannot be the server towards that client.
% Expected: Completion found.
include('common.p').
cnf(stolen, axiom, att(a)).
cnf(first_message, axiom, ~att(D) | att(enc(kdf1(kdf0(dh(x(S,pk(c),D),D),dh(x(S,pk(c),D),pk(c)),t(pk(x(S,pk(c),D)),D,pk(c))),dh(a,D),dh(a,pk(c)),pk(a)),sec))).
cnf(goal, negated_conjecture, ~att(sec)).
