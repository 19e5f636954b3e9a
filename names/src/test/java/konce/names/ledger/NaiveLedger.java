package konce.names.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import konce.names.encoding.Hash;
import konce.names.encoding.Key;
import org.jspecify.annotations.Nullable;

/// The rules of docs/spec/12-ledger.md once more, as plainly as they can be written: people are numbers, state is in
/// plain maps and changes in place, and what waits for a time is carried out when the time comes. Shares nothing with
/// the ledger but the transactions and the names of rules.
final class NaiveLedger {
    private static final class Person {
        long grains;
        long nonce;
        final Map<Hash, Long> commitments = new HashMap<>();
    }

    private static final class Thing {
        int master;
        int recovery = -1;
        int owner;
        long sequence;
        long expires;
        String waits = "None";
        int nextMaster;
        int nextRecovery;
        long from;
        long until;
        long price;
        int payee;
        final Map<Name, Integer> roles = new HashMap<>();
    }

    private final Parameters rules;
    private final Map<Integer, Person> people = new HashMap<>();
    private final Map<Name, Thing> things = new HashMap<>();
    private final Map<Key, Integer> numbers = new HashMap<>();
    private final Map<Integer, Key> keys = new HashMap<>();
    private long now = Actors.START_SECONDS;

    NaiveLedger(Parameters rules, long grains, Actors actors, int count) {
        this.rules = rules;
        for (int i = 0; i < count; i++) {
            numbers.put(actors.key(i), i);
            keys.put(i, actors.key(i));
        }
        for (int i = 0; i < 3; i++) {
            Person person = new Person();
            person.grains = grains;
            people.put(i, person);
        }
    }

    long now() {
        return now;
    }

    long grains(int person) {
        return people.containsKey(person) ? people.get(person).grains : -1;
    }

    long nonce(int person) {
        return people.containsKey(person) ? people.get(person).nonce : 0;
    }

    long sequence(Name name) {
        return things.containsKey(name) ? things.get(name).sequence : 0;
    }

    long price(Name name) {
        return things.containsKey(name) ? things.get(name).price : 0;
    }

    int master(Name name) {
        return things.containsKey(name) ? things.get(name).master : 0;
    }

    int recovery(Name name) {
        return things.containsKey(name) ? things.get(name).recovery : -1;
    }

    String describe(Name name) {
        Thing thing = things.get(name);
        if (thing == null) {
            return "none";
        }
        StringBuilder text = new StringBuilder("master " + thing.master + " recovery " + thing.recovery);
        text.append(" owner " + thing.owner + " sequence " + thing.sequence);
        text.append(" expires " + thing.expires + " waits " + thing.waits);
        for (String role : List.of("ceo", "cfo")) {
            Integer holder = thing.roles.get(new Name(role));
            text.append(' ').append(holder == null || holder < 0 ? "-" : holder.toString());
        }
        return text.toString();
    }

    /// Time passes; what waited for it happens.
    void pass(long seconds) {
        now += seconds;
        for (Thing thing : things.values()) {
            switch (thing.waits) {
                case "Transfer" -> {
                    if (now >= thing.from) {
                        changeHands(thing, thing.nextMaster, thing.nextRecovery);
                    }
                }
                case "Offer" -> {
                    if (now > thing.until) {
                        settle(thing);
                    }
                }
                case "Recovery" -> {
                    if (now >= thing.from) {
                        thing.master = thing.nextMaster;
                        settle(thing);
                    }
                }
                case "RecoveryChange" -> {
                    if (now >= thing.from) {
                        thing.recovery = thing.nextRecovery;
                        settle(thing);
                    }
                }
                default -> {}
            }
        }
    }

    private static void settle(Thing thing) {
        thing.waits = "None";
        thing.sequence++;
    }

    private static void changeHands(Thing thing, int master, int recovery) {
        thing.master = master;
        thing.recovery = recovery;
        thing.owner++;
        thing.roles.clear();
        settle(thing);
    }

    private boolean isFree(Thing thing) {
        return now >= thing.expires + rules.graceSeconds();
    }

    private int number(@Nullable Key key) {
        return key == null ? -1 : numbers.get(key);
    }

    /// Does it, or says which rule it breaks.
    @Nullable
    Rule apply(int payer, long nonce, Transaction transaction, int by) {
        Person person = people.get(payer);
        if (person == null) {
            return Rule.ACCOUNT_UNKNOWN;
        }
        if (nonce != person.nonce) {
            return nonce < person.nonce ? Rule.NONCE_USED : Rule.NONCE_AHEAD;
        }
        long fee = rules.feeGrainsMin();
        if (person.grains < fee) {
            return Rule.INSUFFICIENT_COINS;
        }
        person.grains -= fee;
        Rule broken = act(payer, person, transaction, by);
        if (broken == null) {
            person.nonce++;
        } else {
            person.grains += fee;
        }
        return broken;
    }

    private @Nullable Rule act(int payer, Person person, Transaction transaction, int by) {
        return switch (transaction) {
            case Transaction.TransferCoins(Key to, long grains) -> pay(payer, person, number(to), grains);
            case Transaction.Commit(Hash hash) -> commit(person, hash);
            case Transaction.Reveal reveal -> reveal(payer, person, reveal);
            case Transaction.Renew(Name name, int years) -> renew(person, name, years);
            case Transaction.BuyName buy -> buy(person, buy);
            case Transaction.ByName named -> change(named, by);
        };
    }

    private @Nullable Rule pay(int payer, Person person, int to, long grains) {
        if (grains == 0) {
            return Rule.AMOUNT_ZERO;
        }
        if (to == payer) {
            return Rule.SELF_TRANSFER;
        }
        long price = people.containsKey(to) ? 0 : rules.accountGrains();
        if (person.grains < grains + price) {
            return Rule.INSUFFICIENT_COINS;
        }
        person.grains -= grains + price;
        people.computeIfAbsent(to, _ -> new Person()).grains += grains;
        return null;
    }

    private @Nullable Rule commit(Person person, Hash hash) {
        List<Hash> old = new ArrayList<>();
        person.commitments.forEach((each, at) -> {
            if (now - at > rules.commitSecondsMax()) {
                old.add(each);
            }
        });
        if (person.commitments.containsKey(hash) && !old.contains(hash)) {
            return Rule.COMMITMENT_EXISTS;
        }
        if (person.commitments.size() - old.size() >= Account.COMMITMENTS_MAX) {
            return Rule.COMMITMENTS_FULL;
        }
        old.forEach(person.commitments::remove);
        person.commitments.put(hash, now);
        return null;
    }

    private @Nullable Rule reveal(int payer, Person person, Transaction.Reveal reveal) {
        Hash hash = Transaction.commitment(keys.get(payer), reveal.name(), reveal.salt());
        Long at = person.commitments.get(hash);
        if (at == null) {
            return Rule.COMMITMENT_UNKNOWN;
        }
        if (now < at + rules.commitSecondsMin()) {
            return Rule.COMMITMENT_TOO_YOUNG;
        }
        if (now > at + rules.commitSecondsMax()) {
            return Rule.COMMITMENT_TOO_OLD;
        }
        Thing thing = things.get(reveal.name());
        if (thing != null && !isFree(thing)) {
            return Rule.NAME_TAKEN;
        }
        long rent = rent(reveal.name()) * reveal.years();
        if (person.grains < rent) {
            return Rule.INSUFFICIENT_COINS;
        }
        person.grains -= rent;
        person.commitments.remove(hash);
        thing = things.computeIfAbsent(reveal.name(), _ -> new Thing());
        changeHands(thing, number(reveal.master()), number(reveal.recovery()));
        thing.expires = now + rules.yearSeconds() * reveal.years();
        return null;
    }

    private long rent(Name name) {
        int length = name.text().length();
        return rules.rentGrains().get(length > 4 ? 4 : length - 1);
    }

    private @Nullable Rule renew(Person person, Name name, int years) {
        Thing thing = things.get(name);
        if (thing == null || isFree(thing)) {
            return Rule.NAME_UNKNOWN;
        }
        if (thing.expires + years * rules.yearSeconds() > now + 10 * rules.yearSeconds()) {
            return Rule.RENEWED_TOO_FAR;
        }
        if (person.grains < rent(name) * years) {
            return Rule.INSUFFICIENT_COINS;
        }
        person.grains -= rent(name) * years;
        thing.expires += years * rules.yearSeconds();
        return null;
    }

    private @Nullable Rule unusable(@Nullable Thing thing, long sequence) {
        if (thing == null || isFree(thing)) {
            return Rule.NAME_UNKNOWN;
        }
        if (now >= thing.expires) {
            return Rule.NAME_EXPIRED;
        }
        return sequence == thing.sequence ? null : Rule.NAME_CHANGED;
    }

    private @Nullable Rule buy(Person person, Transaction.BuyName buy) {
        Thing thing = things.get(buy.name());
        Rule unusable = unusable(thing, buy.sequence());
        if (unusable != null) {
            return unusable;
        }
        if (!thing.waits.equals("Offer")) {
            return Rule.NOT_OFFERED;
        }
        if (now < thing.from) {
            return Rule.OFFER_LOCKED;
        }
        if (thing.price != buy.grains()) {
            return Rule.PRICE_DIFFERS;
        }
        if (person.grains < thing.price) {
            return Rule.INSUFFICIENT_COINS;
        }
        person.grains -= thing.price;
        people.get(thing.payee).grains += thing.price;
        changeHands(thing, number(buy.master()), number(buy.recovery()));
        return null;
    }

    private @Nullable Rule change(Transaction.ByName transaction, int by) {
        Thing thing = things.get(transaction.name());
        Rule unusable = unusable(thing, transaction.sequence());
        if (unusable != null) {
            return unusable;
        }
        boolean waits = !thing.waits.equals("None");
        boolean isMaster = by == thing.master;
        boolean isRecovery = by == thing.recovery;
        if (transaction instanceof Transaction.CallOff) {
            if (!waits) {
                return Rule.NOTHING_PENDING;
            }
            if (!isMaster && !(isRecovery && !thing.waits.equals("Recovery"))) {
                return Rule.NOT_AUTHORIZED;
            }
            settle(thing);
            return null;
        }
        if (transaction instanceof Transaction.Recover recover) {
            return recover(thing, number(recover.master()), isRecovery);
        }
        if (waits) {
            return Rule.LOCKED;
        }
        Rule broken = misfit(thing, transaction);
        if (broken != null || !isMaster) {
            return broken == null ? Rule.NOT_AUTHORIZED : broken;
        }
        thing.sequence++;
        begin(thing, transaction);
        return null;
    }

    private @Nullable Rule recover(Thing thing, int master, boolean isRecovery) {
        if (thing.recovery < 0) {
            return Rule.NO_RECOVERY_KEY;
        }
        if (thing.waits.equals("Recovery")) {
            return Rule.LOCKED;
        }
        if (!isRecovery) {
            return Rule.NOT_AUTHORIZED;
        }
        thing.sequence++;
        thing.waits = "Recovery";
        thing.nextMaster = master;
        thing.from = now + rules.recoverySeconds();
        return null;
    }

    private @Nullable Rule misfit(Thing thing, Transaction.ByName transaction) {
        if (transaction instanceof Transaction.OfferName offer) {
            if (offer.untilSeconds() < now + rules.lockSeconds()) {
                return Rule.OFFER_TOO_SHORT;
            }
            return people.containsKey(number(offer.payee())) ? null : Rule.PAYEE_UNKNOWN;
        }
        if (transaction instanceof Transaction.Withdraw withdraw) {
            return thing.roles.getOrDefault(withdraw.role(), -1) >= 0 ? null : Rule.ROLE_UNKNOWN;
        }
        return null;
    }

    private void begin(Thing thing, Transaction.ByName transaction) {
        thing.from = now + rules.lockSeconds();
        switch (transaction) {
            case Transaction.TransferName to -> {
                thing.waits = "Transfer";
                thing.nextMaster = number(to.master());
                thing.nextRecovery = number(to.recovery());
            }
            case Transaction.OfferName offer -> {
                thing.waits = "Offer";
                thing.price = offer.grains();
                thing.payee = number(offer.payee());
                thing.until = offer.untilSeconds();
            }
            case Transaction.SetMaster set -> thing.master = number(set.master());
            case Transaction.SetRecovery set -> {
                if (thing.recovery < 0) {
                    thing.recovery = number(set.recovery());
                } else {
                    thing.waits = "RecoveryChange";
                    thing.nextRecovery = number(set.recovery());
                    thing.from = now + rules.recoverySeconds();
                }
            }
            case Transaction.Designate give -> thing.roles.put(give.role(), number(give.key()));
            case Transaction.Withdraw take -> thing.roles.put(take.role(), -1);
            case Transaction.Recover _, Transaction.CallOff _ -> throw new AssertionError("handled before");
        }
    }
}
