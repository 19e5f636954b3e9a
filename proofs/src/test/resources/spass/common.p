% What every model shares: a Dolev-Yao attacker and Diffie-Hellman products, as Horn clauses; so for any number of
% sessions. att(X): the attacker can have X. "Completion found": the goal is kept. "Proof found": there is an attack.
%
% pk(x): the element of the scalar x.  dh(x,P): the product of x and P.
% a, pk(a): the honest client.  c, pk(c): the honest server.  y(S): the server's transient scalar number S.
% enc(k,m): m sealed under k.  kdf0, kdf1: the key schedule of docs/spec/03-handshake.md, section 2.
cnf(dh_commutes, axiom, dh(X,pk(Y)) = dh(Y,pk(X))).
cnf(makes_element, axiom, ~att(X) | att(pk(X))).
cnf(multiplies, axiom, ~att(X) | ~att(P) | att(dh(X,P))).
cnf(seals, axiom, ~att(K) | ~att(M) | att(enc(K,M))).
cnf(opens, axiom, ~att(enc(K,M)) | ~att(K) | att(M)).
cnf(derives_0, axiom, ~att(X) | ~att(Y) | ~att(T) | att(kdf0(X,Y,T))).
cnf(derives_1, axiom, ~att(K) | ~att(X) | ~att(Y) | ~att(T) | att(kdf1(K,X,Y,T))).
cnf(hashes, axiom, ~att(X) | ~att(Y) | ~att(Z) | att(t(X,Y,Z))).
cnf(own_scalar, axiom, att(evil)).
cnf(zero, axiom, att(zero)).
cnf(knows_client, axiom, att(pk(a))).
cnf(hello, axiom, att(hello)).
cnf(knows_server, axiom, att(pk(c))).
cnf(init_ack, axiom, att(pk(y(S)))).
% The honest client answers every D, for every server key it is made to want.
cnf(client_b, axiom, ~att(P) | ~att(D) | att(pk(x(S,P,D)))).
cnf(client_box, axiom, ~att(P) | ~att(D) | att(enc(kdf0(dh(x(S,P,D),D),dh(x(S,P,D),P),t(pk(x(S,P,D)),D,P)),pk(a)))).
cnf(client_early, axiom, ~att(P) | ~att(D) | att(enc(kdf1(kdf0(dh(x(S,P,D),D),dh(x(S,P,D),P),t(pk(x(S,P,D)),D,P)),dh(a,D),dh(a,P),pk(a)),hello))).
% The honest server answers every B, and every A that is shown to it.
cnf(server_reply, axiom, ~att(B) | ~att(A)
  | att(enc(kdf1(kdf0(dh(y(S),B),dh(c,B),t(B,pk(y(S)),pk(c))),dh(y(S),A),dh(c,A),A),hello))).
