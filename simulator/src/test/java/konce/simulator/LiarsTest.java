package konce.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.UnaryOperator;
import konce.protocol.Address;
import konce.protocol.CloseReason;
import konce.protocol.DropReason;
import konce.protocol.Event;
import konce.protocol.HandlerId;
import konce.protocol.Outcome;
import konce.protocol.Refusal;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import konce.protocol.endpoint.ChannelStatus;
import konce.protocol.endpoint.Job;
import konce.simulator.check.Rule;
import konce.simulator.check.Violation;
import konce.simulator.world.Party;
import konce.simulator.world.World;
import org.junit.jupiter.api.Test;

/// The wind tunnel catches components that lie. Each test puts a liar between the real endpoints and their hosts.
class LiarsTest {
    private static final Address STRANGER = Address.parse("203.0.113.5:5555");

    /// An endpoint whose outputs can be changed on their way out.
    private static class Liar implements Party {
        final Party party;
        final ArrayDeque<Event> extraEvents = new ArrayDeque<>();
        final ArrayDeque<Outgoing> extraDatagrams = new ArrayDeque<>();

        Liar(Party party) {
            this.party = party;
        }

        @Override
        public DropReason handleDatagram(long nowNanos, Address remote, MemorySegment datagram) {
            return party.handleDatagram(nowNanos, remote, datagram);
        }

        @Override
        public void handleDeadline(long nowNanos) {
            party.handleDeadline(nowNanos);
        }

        @Override
        public void handleMoved(long nowNanos) {
            party.handleMoved(nowNanos);
        }

        @Override
        public void handleJob(long nowNanos, Job job) {
            party.handleJob(nowNanos, job);
        }

        @Override
        public long send(long nowNanos, Target target, HandlerId handler, MemorySegment payload, SendOptions options) {
            return party.send(nowNanos, target, handler, payload, options);
        }

        @Override
        public void cancel(long nowNanos, long ticket) {
            party.cancel(nowNanos, ticket);
        }

        @Override
        public void release(long nowNanos, long channel, long credit) {
            party.release(nowNanos, channel, credit);
        }

        @Override
        public void refuse(long nowNanos, long channel, HandlerId replyTo, Refusal why) {
            party.refuse(nowNanos, channel, replyTo, why);
        }

        @Override
        public void openHandler(HandlerId handler) {
            party.openHandler(handler);
        }

        @Override
        public HandlerId openSessionHandler(long channel) {
            return party.openSessionHandler(channel);
        }

        @Override
        public void closeHandler(long channel, HandlerId handler) {
            party.closeHandler(channel, handler);
        }

        @Override
        public void closeChannel(long nowNanos, long channel, int code, String text) {
            party.closeChannel(nowNanos, channel, code, text);
        }

        @Override
        public Outgoing pollDatagram(long nowNanos) {
            Outgoing extra = extraDatagrams.poll();
            return extra != null ? extra : party.pollDatagram(nowNanos);
        }

        @Override
        public Event pollEvent() {
            Event extra = extraEvents.poll();
            return extra != null ? extra : party.pollEvent();
        }

        @Override
        public Job pollJob() {
            return party.pollJob();
        }

        @Override
        public long nextDeadlineNanos() {
            return party.nextDeadlineNanos();
        }

        @Override
        public List<ChannelStatus> channels(long nowNanos) {
            return party.channels(nowNanos);
        }

        @Override
        public long dropped(DropReason reason) {
            return party.dropped(reason);
        }

        @Override
        public void close() {
            party.close();
        }
    }

    private static List<Rule> rulesBroken(String scenario, UnaryOperator<Party> liar) {
        Party.Maker maker = (config, vault, random, now) -> liar.apply(World.endpoint(config, vault, random, now));
        try (Simulation simulation = new Simulation(maker)) {
            Report report = simulation.report(Scenario.byCode(scenario), 1, null);
            assertEquals("./konce simulate --scenario " + scenario + " --seed 1", report.replayCommand());
            return report.violations().stream().map(Violation::rule).toList();
        }
    }

    private static void requireFound(Rule rule, String scenario, UnaryOperator<Party> liar) {
        List<Rule> broken = rulesBroken(scenario, liar);
        assertTrue(broken.contains(rule), () -> rule + " was not found, only " + broken);
    }

    /// Goal: without a liar the same harness finds nothing.
    @Test
    void honesty() {
        assertEquals(List.of(), rulesBroken("MC", Liar::new));
    }

    /// Goal: an endpoint that answers strangers with more than they sent is found.
    @Test
    void amplifier() {
        requireFound(Rule.AMPLIFICATION, "XI", party -> new Liar(party) {
            @Override
            public DropReason handleDatagram(long nowNanos, Address remote, MemorySegment datagram) {
                if (datagram.byteSize() > 0 && datagram.get(ValueLayout.JAVA_BYTE, 0) == 0x10) {
                    extraDatagrams.add(new Outgoing(remote, new byte[257]));
                }
                return super.handleDatagram(nowNanos, remote, datagram);
            }
        });
    }

    /// Goal: an endpoint that sends where nobody asked it to is found.
    @Test
    void stray() {
        requireFound(Rule.STRAY, "H", party -> new Liar(party) {
            @Override
            public Event pollEvent() {
                Event event = super.pollEvent();
                if (event instanceof Event.ChannelOpened) {
                    extraDatagrams.add(new Outgoing(STRANGER, new byte[1]));
                }
                return event;
            }
        });
    }

    /// Goal: a client that moves and keeps what its channels are called is found.
    @Test
    void linked() {
        requireFound(Rule.LINKED, "CM", party -> new Liar(party) {
            @Override
            public void handleMoved(long nowNanos) {
                // as if its address were the old one
            }
        });
    }

    /// Goal: a message handed up twice is found.
    @Test
    void doubleDelivery() {
        requireFound(Rule.DELIVERED_TWICE, "MC", party -> new Liar(party) {
            @Override
            public Event pollEvent() {
                Event event = super.pollEvent();
                if (event instanceof Event.MessageArrived arrived && extraEvents.isEmpty() && arrived.credit() > 0) {
                    extraEvents.add(new Event.MessageArrived(
                            arrived.channel(), arrived.handler(), arrived.replyTo(), arrived.payload(), 0));
                }
                return event;
            }
        });
    }

    /// Goal: a message handed up with one bit changed is found, and a reply too.
    @Test
    void damage() {
        requireFound(Rule.ALTERED, "H", party -> new Liar(party) {
            @Override
            public Event pollEvent() {
                Event event = super.pollEvent();
                if (event instanceof Event.MessageArrived arrived) {
                    byte[] bytes = arrived.payload().toArray(ValueLayout.JAVA_BYTE);
                    bytes[bytes.length - 1] ^= 1;
                    return new Event.MessageArrived(
                            arrived.channel(),
                            arrived.handler(),
                            arrived.replyTo(),
                            MemorySegment.ofArray(bytes),
                            arrived.credit());
                }
                return event;
            }
        });
        requireFound(Rule.ALTERED, "H", party -> new Liar(party) {
            @Override
            public Event pollEvent() {
                Event event = super.pollEvent();
                if (event instanceof Event.MessageSettled(long ticket, Outcome.Replied replied)) {
                    MemorySegment other = MemorySegment.ofArray(new byte[3]);
                    return new Event.MessageSettled(
                            ticket, new Outcome.Replied(replied.channel(), other, replied.replyTo()));
                }
                return event;
            }
        });
    }

    /// Goal: a send that settles twice, one that never does, and one that settles too late are found.
    @Test
    void badSettlement() {
        requireFound(Rule.SETTLED_TWICE, "H", party -> new Liar(party) {
            @Override
            public Event pollEvent() {
                Event event = super.pollEvent();
                if (event instanceof Event.MessageSettled && !again) {
                    again = true;
                    extraEvents.add(event);
                }
                return event;
            }

            private boolean again;
        });
        requireFound(Rule.NOT_SETTLED, "H", party -> new Liar(party) {
            @Override
            public Event pollEvent() {
                Event event = super.pollEvent();
                return event instanceof Event.MessageSettled ? super.pollEvent() : event;
            }
        });
        requireFound(Rule.SETTLED_LATE, "XX", party -> new Liar(party) {
            private static final long LATER_NANOS = 40_000_000_000L;
            private Event held;
            private long dueNanos;
            private long lastNanos;

            @Override
            public void handleDeadline(long nowNanos) {
                lastNanos = nowNanos;
                super.handleDeadline(nowNanos);
            }

            @Override
            public long nextDeadlineNanos() {
                return held != null ? Math.min(dueNanos, super.nextDeadlineNanos()) : super.nextDeadlineNanos();
            }

            @Override
            public Event pollEvent() {
                if (held != null && lastNanos >= dueNanos) {
                    Event late = held;
                    held = null;
                    return late;
                }
                Event event = super.pollEvent();
                if (event instanceof Event.MessageSettled && dueNanos == 0) {
                    held = event;
                    dueNanos = lastNanos + LATER_NANOS;
                    return super.pollEvent();
                }
                return event;
            }
        });
    }

    /// Goal: an outcome that says what did not happen is found.
    @Test
    void untruth() {
        requireFound(Rule.OUTCOME_UNTRUE, "H", party -> new Liar(party) {
            @Override
            public Event pollEvent() {
                Event event = super.pollEvent();
                return event instanceof Event.MessageSettled settled
                        ? new Event.MessageSettled(settled.ticket(), new Outcome.Delivered())
                        : event;
            }
        });
    }

    /// Goal: a channel that opens as somebody else's, and one that speaks after it closed, are found.
    @Test
    void badChannels() {
        requireFound(Rule.WRONG_PEER, "H", party -> new Liar(party) {
            @Override
            public Event pollEvent() {
                Event event = super.pollEvent();
                return event instanceof Event.ChannelOpened opened
                        ? new Event.ChannelOpened(opened.channel(), null, opened.remote(), opened.handshake())
                        : event;
            }
        });
        requireFound(Rule.EVENT_OUT_OF_ORDER, "H", party -> new Liar(party) {
            @Override
            public Event pollEvent() {
                Event event = super.pollEvent();
                if (event instanceof Event.ChannelClosed closed && extraEvents.isEmpty() && !again) {
                    again = true;
                    extraEvents.add(new Event.ChannelClosed(closed.channel(), new CloseReason.Local()));
                }
                return event;
            }

            private boolean again;
        });
    }

    /// Goal: an endpoint that asks to be woken without end, and one that throws, end the run and are found.
    @Test
    void runaways() {
        requireFound(Rule.RAN_AWAY, "H", party -> new Liar(party) {
            @Override
            public long nextDeadlineNanos() {
                return Long.MIN_VALUE;
            }
        });
        requireFound(Rule.THREW, "H", party -> new Liar(party) {
            @Override
            public void handleDeadline(long nowNanos) {
                throw new IllegalStateException("on purpose");
            }
        });
    }

    /// Goal: an endpoint that stops answering is found not to recover.
    @Test
    void dead() {
        requireFound(Rule.NO_RECOVERY, "H", party -> new Liar(party) {
            @Override
            public DropReason handleDatagram(long nowNanos, Address remote, MemorySegment datagram) {
                return DropReason.BUSY;
            }
        });
    }

    /// Goal: an endpoint whose run depends on more than its seed is found. Method: one that counts runs.
    @Test
    void chance() {
        int[] runs = {0};
        Party.Maker maker = (config, vault, random, now) -> {
            boolean odd = runs[0]++ % 4 < 2;
            return new Liar(World.endpoint(config, vault, random, now)) {
                @Override
                public Outgoing pollDatagram(long nowNanos) {
                    Outgoing out = super.pollDatagram(nowNanos);
                    return out != null && odd
                            ? new Outgoing(out.remote(), out.datagram().clone())
                            : out;
                }

                @Override
                public DropReason handleDatagram(long nowNanos, Address remote, MemorySegment datagram) {
                    return odd ? super.handleDatagram(nowNanos, remote, datagram) : DropReason.BUSY;
                }
            };
        };
        try (Simulation simulation = new Simulation(maker)) {
            Report report = simulation.twice(Scenario.byCode("H"), 1);
            assertTrue(
                    report.violations().stream().anyMatch(v -> v.rule() == Rule.NOT_DETERMINISTIC), report::toString);
        }
    }
}
