----------------------------- MODULE Restart -----------------------------
(* A first message under cookie after cookie, while the server's process dies and others take its place, on a network
   that loses, holds back and repeats (docs/spec/03-handshake.md, R3.14, R3.30 to R3.32). A forger puts up processes that
   never were.

   Variant: "true" is the protocol. Each other value breaks one rule, and must be found out:
   "no tags" (a client names nobody), "no attempts" (a process forgets what it has run), "tags unproven" (a server
   believes every tag: the message then may never run, although nobody but the forger stands in the way). *)
EXTENDS Naturals, FiniteSets

CONSTANTS Processes,   \* how many there will be, one after the other: 1 is the first
          EchoesMax,   \* COOKIE-ECHOs the client sends at most
          Variant

Forged == 0            \* the tag of a process that never was

VARIABLES alive,       \* the number of the process that serves now
          named,       \* tags under which the client has sent a COOKIE-ECHO
          net,         \* COOKIE-ECHOs under way, for ever: [tag, shows]
          runs,        \* in which processes the message has run, one entry a time: a sequence number each
          remembered,  \* whether the process that serves now remembers the attempt
          echoes,
          refused      \* the client has been told: another process was asked
vars == <<alive, named, net, runs, remembered, echoes, refused>>

Init ==
    /\ alive = 1 /\ named = {} /\ net = {} /\ runs = 0 /\ remembered = FALSE /\ echoes = 0 /\ refused = FALSE

(* The client sends a COOKIE-ECHO under a cookie of a process that is or was, or of the forger's. *)
Send(tag) ==
    /\ echoes < EchoesMax /\ ~refused
    /\ tag \in 0..alive
    /\ echoes' = echoes + 1
    /\ named' = named \cup {tag}
    /\ net' = net \cup {[tag |-> tag, shows |-> IF Variant = "no tags" THEN {} ELSE named \ {tag}]}
    /\ UNCHANGED <<alive, runs, remembered, refused>>

(* A cookie is good in its own process only. *)
Counts(tag) == tag # alive /\ (tag # Forged \/ Variant = "tags unproven")

Receive(echo) ==
    /\ echo.tag = alive
    /\ IF remembered /\ Variant # "no attempts"
       THEN UNCHANGED <<runs, remembered, refused>>
       ELSE IF \E tag \in echo.shows : Counts(tag)
            THEN /\ refused' = TRUE /\ UNCHANGED <<runs, remembered>>
            ELSE /\ runs' = runs + 1 /\ remembered' = TRUE /\ UNCHANGED refused
    /\ UNCHANGED <<alive, named, net, echoes>>

Die ==
    /\ alive < Processes
    /\ alive' = alive + 1
    /\ remembered' = FALSE
    /\ UNCHANGED <<named, net, runs, echoes, refused>>

Next == \/ \E tag \in 0..Processes : Send(tag)
        \/ \E echo \in net : Receive(echo)
        \/ Die

Spec == Init /\ [][Next]_vars

AtMostOnce == runs <= 1
(* A client is refused only where a process before did get, or may still have got, a COOKIE-ECHO of its. *)
NeverForNothing == refused => \E tag \in named : tag # Forged /\ tag # alive
==========================================================================
