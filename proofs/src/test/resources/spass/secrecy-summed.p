% The broken twin of secrecy: one product of the sums, (a+b)(C+D), in the place of four, and so with a group of its own
% that can add. The fake server sends D = eG - C. Expected: Proof found.
cnf(sum_commutes, axiom, smul(X,pk(Y)) = smul(Y,pk(X))).
cnf(cancels, axiom, padd(P,psub(Q,P)) = Q).
cnf(sum_of_elements, axiom, pk(add(X,Y)) = padd(pk(X),pk(Y))).
cnf(makes_element, axiom, ~att(X) | att(pk(X))).
cnf(multiplies, axiom, ~att(X) | ~att(P) | att(smul(X,P))).
cnf(adds_elements, axiom, ~att(P) | ~att(Q) | att(padd(P,Q))).
cnf(subtracts_elements, axiom, ~att(P) | ~att(Q) | att(psub(P,Q))).
cnf(adds_scalars, axiom, ~att(X) | ~att(Y) | att(add(X,Y))).
cnf(seals, axiom, ~att(K) | ~att(M) | att(enc(K,M))).
cnf(opens, axiom, ~att(enc(K,M)) | ~att(K) | att(M)).
cnf(derives, axiom, ~att(X) | ~att(Y) | att(kdf(X,Y))).
cnf(own_scalar, axiom, att(evil)).
cnf(zero, axiom, att(zero)).
cnf(knows_client, axiom, att(pk(a))).
cnf(knows_server, axiom, att(pk(c))).
cnf(cookie_echo_b, axiom, att(pk(x(S)))).
cnf(goal, negated_conjecture, ~att(sec)).
cnf(first_message, axiom, ~att(D) | att(enc(kdf(zero,smul(add(a,x(S)),padd(pk(c),D))),sec))).
