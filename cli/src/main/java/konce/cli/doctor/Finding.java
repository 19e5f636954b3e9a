package konce.cli.doctor;

import org.jspecify.annotations.Nullable;

/// One thing that was looked at.
///
/// @param name what
/// @param state what it is
/// @param meaning what that means for Konce
/// @param change what to change, as a command where there is one; null: it is well
public record Finding(
        String name, String state, String meaning, @Nullable String change) {
    /// Whether there is nothing to change.
    public boolean isWell() {
        return change == null;
    }

    static Finding well(String name, String state, String meaning) {
        return new Finding(name, state, meaning, null);
    }

    /// @param isWell whether the change is spared
    static Finding of(String name, String state, String meaning, boolean isWell, String change) {
        return new Finding(name, state, meaning, isWell ? null : change);
    }
}
