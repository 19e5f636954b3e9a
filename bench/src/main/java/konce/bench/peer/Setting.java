package konce.bench.peer;

import java.nio.file.Path;

/// What a process of a contestant is made for.
///
/// @param discipline it takes part in
/// @param guarded whether the server makes its clients prove something first, as under an attack
/// @param scratch a folder with what [Credentials] has made
public record Setting(Discipline discipline, boolean guarded, Path scratch) {}
