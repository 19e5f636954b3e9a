----------------------------- MODULE Channel -----------------------------
(* The life of a channel and of the sends on it, between a client and a server, on a network that loses and repeats
   (docs/spec/06-flow.md R6.9, docs/spec/07-messages.md R7.1, R7.3, R7.5). Each side may close at any time; messages are
   repeated until they are acknowledged, and cancelled at their deadline.

   Variant: "true" is the protocol. Each other value breaks one rule, and must be found out:
   "forgets ids" (a receiver hands up what it has handed up), "settles on close and on ack" (a send settles twice),
   "close forgets sends" (a closing channel leaves sends unsettled). *)
EXTENDS Naturals, FiniteSets

CONSTANTS Messages, Variant

VARIABLES client,      \* "connecting", "open", "closing", "closed"
          server,      \* "none", "open", "closing", "closed"
          net,         \* packets under way, for ever: <<kind, message>>
          begun,       \* messages that were sent at least once
          settled,     \* how often each send has settled
          handedUp,    \* how often each message was handed up
          known        \* ids that the server has done with
vars == <<client, server, net, begun, settled, handedUp, known>>

Init ==
    /\ client = "connecting" /\ server = "none" /\ net = {} /\ begun = {} /\ known = {}
    /\ settled = [m \in Messages |-> 0]
    /\ handedUp = [m \in Messages |-> 0]

Unsettled == {m \in Messages : settled[m] = 0}
Settle(ms) == settled' = [m \in Messages |-> IF m \in ms THEN settled[m] + 1 ELSE settled[m]]

Accept == /\ server = "none" /\ server' = "open" /\ UNCHANGED <<client, net, begun, settled, handedUp, known>>
Open == /\ client = "connecting" /\ server # "none" /\ client' = "open"
        /\ UNCHANGED <<server, net, begun, settled, handedUp, known>>

Send(m) == /\ client = "open" /\ m \in Unsettled
           /\ begun' = begun \cup {m} /\ net' = net \cup {<<"segment", m>>}
           /\ UNCHANGED <<client, server, settled, handedUp, known>>

Receive(m) ==
    /\ <<"segment", m>> \in net /\ server = "open"
    /\ IF m \in known /\ Variant # "forgets ids"
       THEN UNCHANGED <<handedUp, known>>
       ELSE /\ handedUp' = [handedUp EXCEPT ![m] = IF @ < 2 THEN @ + 1 ELSE @] /\ known' = known \cup {m}
    /\ net' = net \cup {<<"ack", m>>}
    /\ UNCHANGED <<client, server, begun, settled>>

Acknowledge(m) ==
    /\ <<"ack", m>> \in net
    /\ \/ client = "open" /\ m \in Unsettled
       \/ Variant = "settles on close and on ack" /\ settled[m] < 2 /\ client # "connecting"
    /\ Settle({m})
    /\ UNCHANGED <<client, server, net, begun, handedUp, known>>

Deadline(m) ==
    /\ client \in {"connecting", "open"} /\ m \in Unsettled
    /\ Settle({m})
    /\ net' = IF m \in begun THEN net \cup {<<"cancel", m>>} ELSE net
    /\ UNCHANGED <<client, server, begun, handedUp, known>>

Cancelled(m) == /\ <<"cancel", m>> \in net /\ server = "open" /\ known' = known \cup {m}
                /\ UNCHANGED <<client, server, net, begun, settled, handedUp>>

(* Closing settles what is open, first. *)
ClientCloses(next) ==
    /\ client \in {"connecting", "open"}
    /\ client' = next
    /\ IF Variant = "close forgets sends" THEN UNCHANGED settled ELSE Settle(Unsettled)
    /\ net' = IF next = "closing" THEN net \cup {<<"close">>} ELSE net
    /\ UNCHANGED <<server, begun, handedUp, known>>
ServerCloses == /\ server = "open" /\ server' = "closing" /\ net' = net \cup {<<"closed">>}
                /\ UNCHANGED <<client, begun, settled, handedUp, known>>
ClientHears == /\ <<"closed">> \in net /\ ClientCloses("closed")
ServerHears == /\ <<"close">> \in net /\ server = "open" /\ server' = "closed"
               /\ UNCHANGED <<client, net, begun, settled, handedUp, known>>
Linger == \/ client = "closing" /\ client' = "closed" /\ UNCHANGED server
          \/ server = "closing" /\ server' = "closed" /\ UNCHANGED client
Lingers == Linger /\ UNCHANGED <<net, begun, settled, handedUp, known>>

Next == \/ Accept \/ Open \/ ClientCloses("closing") \/ ServerCloses \/ ClientHears \/ ServerHears \/ Lingers
        \/ \E m \in Messages : Send(m) \/ Receive(m) \/ Acknowledge(m) \/ Deadline(m) \/ Cancelled(m)

Fair == /\ \A m \in Messages : WF_vars(Deadline(m))
        /\ WF_vars(Lingers)
Spec == Init /\ [][Next]_vars /\ Fair

AtMostOnce == \A m \in Messages : handedUp[m] <= 1
SettledOnce == \A m \in Messages : settled[m] <= 1
NothingBeforeOpen == server = "none" => \A m \in Messages : handedUp[m] = 0
(* Every send settles. *)
AllSettle == \A m \in Messages : <>(settled[m] >= 1)
==========================================================================
