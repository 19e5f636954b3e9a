package konce.proofs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.z3.BitVecExpr;
import com.microsoft.z3.BoolExpr;
import com.microsoft.z3.Context;
import com.microsoft.z3.Solver;
import com.microsoft.z3.Status;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Windowed integers for all 64-bit values, by the solver Z3: what is written as the low 7k bits of n is read as n
/// again.
/// The formula stands here as the specification has it, and not as the code does.
final class WindowTest {
    private static final int BITS = 64;

    /// Whether `claim` can be broken, under `given`.
    @SuppressWarnings("unchecked") // Z3's own signature: generic varargs
    private static Status counterexample(Context z3, BoolExpr claim, List<BoolExpr> given) {
        Solver solver = z3.mkSolver();
        given.forEach(solver::add);
        solver.add(z3.mkNot(claim));
        return solver.check();
    }

    private static BitVecExpr number(Context z3, String name) {
        return z3.mkBVConst(name, BITS);
    }

    private static BitVecExpr power(Context z3, int exponent) {
        return z3.mkBV(1L << exponent, BITS);
    }

    /// ((w - a) mod 2^7k) + a, of the low bits of n.
    private static BitVecExpr decoded(Context z3, BitVecExpr n, BitVecExpr a, int bits) {
        BitVecExpr mask = z3.mkBV((1L << bits) - 1, BITS);
        return z3.mkBVAdd(z3.mkBVAND(z3.mkBVSub(z3.mkBVAND(n, mask), a), mask), a);
    }

    // = docs/spec/02-packets.md R2.2
    /// Goal: every number from the lowest acceptable one to a window above it is read right; the one below it is
    /// not, so
    /// that `a` has to be the lowest.
    @ParameterizedTest
    @ValueSource(ints = {7, 14, 21, 28, 35, 42, 49})
    void aWindowAboveTheLowestAcceptableIsReadRight(int bits) {
        try (Context z3 = new Context()) {
            BitVecExpr n = number(z3, "n");
            BitVecExpr a = number(z3, "a");
            BoolExpr inWindow = z3.mkBVULT(z3.mkBVSub(n, a), power(z3, bits));
            BoolExpr right = z3.mkEq(decoded(z3, n, a, bits), n);
            assertEquals(Status.UNSATISFIABLE, counterexample(z3, right, List.of(inWindow)));
            BoolExpr justBelow = z3.mkEq(n, z3.mkBVSub(a, power(z3, 0)));
            assertEquals(Status.SATISFIABLE, counterexample(z3, right, List.of(justBelow)), "the broken twin");
        }
    }

    // = docs/spec/02-packets.md R2.2
    // = docs/spec/02-packets.md R2.3
    /// Goal: sender and receiver fit. A sender that makes the window 32 times the distance from its oldest
    /// unacknowledged
    /// number is read right by a receiver whose newest number is anything between that one and half a window beyond
    /// what is written: late packets and early ones.
    @ParameterizedTest
    @ValueSource(ints = {7, 14, 21, 28, 35, 42, 49})
    void whatASenderWritesAReceiverReads(int bits) {
        try (Context z3 = new Context()) {
            BitVecExpr n = number(z3, "n");
            BitVecExpr oldest = number(z3, "oldest");
            BitVecExpr newest = number(z3, "newest");
            BitVecExpr one = power(z3, 0);
            BitVecExpr half = power(z3, bits - 1);
            BitVecExpr next = z3.mkBVAdd(newest, one);
            // a = newest + 1 - half a window, and never below 0
            BitVecExpr a = (BitVecExpr) z3.mkITE(z3.mkBVULT(next, half), z3.mkBV(0, BITS), z3.mkBVSub(next, half));
            BoolExpr small =
                    z3.mkAnd(z3.mkBVULT(n, power(z3, 60)), z3.mkBVULT(newest, power(z3, 60)), z3.mkBVULE(oldest, n));
            BoolExpr wideEnough = z3.mkBVULE(z3.mkBVSub(n, oldest), power(z3, bits - 5));
            // the peer has everything before `oldest`; and is at most a sixteenth of a window ahead of a late packet
            BoolExpr known = z3.mkBVULE(oldest, next);
            BoolExpr late = z3.mkBVULE(newest, z3.mkBVAdd(n, z3.mkBVLSHR(half, z3.mkBV(3, BITS))));
            BoolExpr right = z3.mkEq(decoded(z3, n, a, bits), n);
            assertEquals(Status.UNSATISFIABLE, counterexample(z3, right, List.of(small, wideEnough, known, late)));
            BoolExpr tooWide = z3.mkBVULE(z3.mkBVSub(n, oldest), power(z3, bits));
            assertEquals(
                    Status.SATISFIABLE,
                    counterexample(z3, right, List.of(small, tooWide, known, late)),
                    "the broken twin");
        }
    }
}
