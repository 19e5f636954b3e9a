package konce.protocol.table;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A map from `long` to objects: open addressing, linear probing, deletion by shifting back. Keys are spread by a
/// multiplier the owner draws at random, so that a peer who chooses keys cannot make them collide.
///
/// - error: never throws; the owner holds it to a limit by asking [#size]
public final class LongMap<V> {
    private static final int CAPACITY_MIN = 8;

    /// What an empty map has, never written to: one place, free.
    private static final long[] NO_KEYS = new long[1];

    private static final @Nullable Object[] NO_VALUES = new Object[1];

    private final long multiplier;
    private long[] keys = NO_KEYS;
    private @Nullable Object[] values = NO_VALUES;
    private int size;

    /// @param spread any random number
    public LongMap(long spread) {
        multiplier = spread | 1;
    }

    public int size() {
        return size;
    }

    public @Nullable V find(long key) {
        for (int i = home(key); values[i] != null; i = next(i)) {
            if (keys[i] == key) {
                return value(i);
            }
        }
        return null;
    }

    /// Puts a value, in place of the one the key had.
    public void put(long key, V value) {
        if ((size + 1) * 4 > keys.length * 3) {
            resize(Math.max(CAPACITY_MIN, keys.length * 2));
        }
        int i = home(key);
        while (values[i] != null && keys[i] != key) {
            i = next(i);
        }
        if (values[i] == null) {
            size++;
        }
        keys[i] = key;
        values[i] = value;
    }

    public @Nullable V remove(long key) {
        int i = home(key);
        while (values[i] != null && keys[i] != key) {
            i = next(i);
        }
        V removed = value(i);
        if (removed != null) {
            size--;
            closeGap(i);
            if (keys.length > CAPACITY_MIN && size * 8 < keys.length) {
                resize(keys.length / 2);
            }
        }
        return removed;
    }

    public void clear() {
        keys = NO_KEYS;
        values = NO_VALUES;
        size = 0;
    }

    /// Gives back what it holds for entries to come, if it has none.
    public void trim() {
        if (size == 0) {
            clear();
        }
    }

    /// Visits every value, in no useful order. The visitor must not change the map.
    public void forEach(Consumer<? super V> visitor) {
        for (int i = 0; i < values.length; i++) {
            V value = value(i);
            if (value != null) {
                visitor.accept(value);
            }
        }
    }

    private void closeGap(int gap) {
        int i = gap;
        for (int j = next(i); values[j] != null; j = next(j)) {
            int distance = (j - home(keys[j])) & (keys.length - 1);
            if (distance >= ((j - i) & (keys.length - 1))) {
                keys[i] = keys[j];
                values[i] = values[j];
                i = j;
            }
        }
        values[i] = null;
    }

    private void resize(int capacity) {
        long[] oldKeys = keys;
        @Nullable Object[] oldValues = values;
        keys = new long[capacity];
        values = new Object[capacity];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != null) {
                int j = home(oldKeys[i]);
                while (values[j] != null) {
                    j = next(j);
                }
                keys[j] = oldKeys[i];
                values[j] = oldValues[i];
            }
        }
    }

    private int home(long key) {
        long hash = key * multiplier;
        hash ^= hash >>> 32;
        return (int) ((hash * 0x9E37_79B9_7F4A_7C15L) >>> 40) & (keys.length - 1);
    }

    private int next(int i) {
        return (i + 1) & (keys.length - 1);
    }

    @SuppressWarnings("unchecked")
    private @Nullable V value(int i) {
        return (V) values[i];
    }
}
