---------------------------- MODULE Handshake ----------------------------
(* What a server keeps and sends before an address has proved itself and worked (docs/spec/03-handshake.md, R3.4, R3.6,
   R3.18, R3.21). The attacker sends from any address and reads what goes to his own only; cookies are as unforgeable as
   their authenticator.

   Variant: "true" is the protocol. Each other value breaks one rule, and must be found out:
   "state on INIT", "cookie of any address", "work after state", "cookie used twice", "long answer". *)
EXTENDS Naturals, FiniteSets

CONSTANTS Addresses,   \* all there are
          Own,         \* those at which the attacker can read
          SequencesMax,\* cookies given out at most
          Variant

InitBytes == 4
AnswerBytes == IF Variant = "long answer" THEN 5 ELSE 4

VARIABLES issued,    \* cookies given out: [sequence, address]
          seen,      \* cookies that the attacker has read
          uses,      \* how often each cookie has served, by its sequence
          kept,      \* what the server remembers: [address, sequence, worked]
          received,  \* bytes from each address
          sent       \* bytes to each address
vars == <<issued, seen, uses, kept, received, sent>>

Init ==
    /\ issued = {} /\ seen = {} /\ kept = {}
    /\ uses = [s \in 0..(SequencesMax - 1) |-> 0]
    /\ received = [a \in Addresses |-> 0]
    /\ sent = [a \in Addresses |-> 0]

(* An INIT that says it is from a: the source address may be false. *)
HandleInit(a) ==
    LET next == Cardinality(issued)
        cookie == [sequence |-> next, address |-> a]
    IN  /\ next < SequencesMax
        /\ issued' = issued \cup {cookie}
        /\ seen' = IF a \in Own THEN seen \cup {cookie} ELSE seen
        /\ received' = [received EXCEPT ![a] = @ + InitBytes]
        /\ sent' = [sent EXCEPT ![a] = @ + AnswerBytes]
        /\ kept' = IF Variant = "state on INIT"
                   THEN kept \cup {[address |-> a, sequence |-> next, worked |-> FALSE]} ELSE kept
        /\ UNCHANGED uses

(* A COOKIE-ECHO that says it is from a, with a cookie that the attacker has, and with or without the work. *)
HandleEcho(a, cookie, worked) ==
    /\ Variant = "cookie of any address" \/ cookie.address = a
    /\ uses[cookie.sequence] = 0 \/ (Variant = "cookie used twice" /\ uses[cookie.sequence] < 2)
    /\ Variant = "work after state" \/ worked
    /\ uses' = [uses EXCEPT ![cookie.sequence] = @ + 1]
    /\ kept' = kept \cup {[address |-> a, sequence |-> cookie.sequence, worked |-> worked]}
    /\ UNCHANGED <<issued, seen, received, sent>>

Next ==
    \/ \E a \in Addresses : HandleInit(a)
    \/ \E a \in Addresses, cookie \in seen, worked \in BOOLEAN : HandleEcho(a, cookie, worked)

Spec == Init /\ [][Next]_vars

(* No state before address and work. *)
StateOnlyForProven == \A k \in kept : k.address \in Own /\ k.worked
(* To an address that has not proved itself never more than came from it. *)
NoAmplification == \A a \in Addresses \ Own : sent[a] <= received[a]
(* A cookie serves once. *)
OneUse == \A s \in DOMAIN uses : uses[s] <= 1
==========================================================================
