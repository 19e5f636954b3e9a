package konce.protocol;

/// How much a server asks of its clients, and how much it takes on at a time. Between floor and ceiling the effort
/// follows the load; with both the same it is fixed, and no address is asked for more than another.
///
/// - unit: effort in expected hashes
///
/// @param effortFloor asked of everybody in peace
/// @param effortCeiling asked of nobody in more than this, whatever the load
/// @param agreementJobs agreements handed to the driver at once: some for each of its threads, so that none is idle;
///     the others wait in order of their effort
/// @param checkOrder in which order COOKIE-ECHOs are checked
public record ServerLoad(long effortFloor, long effortCeiling, int agreementJobs, CheckOrder checkOrder) {
    /// Agreements handed out at once by default.
    public static final int AGREEMENT_JOBS_DEFAULT = 64;

    /// Nothing in peace, and under load no more than a client does by default.
    public static final ServerLoad LIVE = between(0, Limits.EFFORT_MAX_DEFAULT);

    public ServerLoad {
        if (effortFloor < 0 || effortFloor > effortCeiling || effortCeiling > Limits.EFFORT_MAX) {
            throw new IllegalArgumentException(
                    "effort from " + effortFloor + " to " + effortCeiling + " is not in 0.." + Limits.EFFORT_MAX);
        }
        if (agreementJobs < 1 || agreementJobs > Limits.AGREEMENTS_PENDING_MAX) {
            throw new IllegalArgumentException(
                    agreementJobs + " agreements at once are not in 1.." + Limits.AGREEMENTS_PENDING_MAX);
        }
    }

    /// The same effort of everybody, whatever the load.
    public static ServerLoad fixed(long effort) {
        return between(effort, effort);
    }

    /// An effort that follows the load, within these bounds.
    public static ServerLoad between(long floor, long ceiling) {
        return new ServerLoad(floor, ceiling, AGREEMENT_JOBS_DEFAULT, CheckOrder.AUTHENTICATOR_FIRST);
    }

    /// The same with another number of agreements at once.
    public ServerLoad withAgreementJobs(int newAgreementJobs) {
        return new ServerLoad(effortFloor, effortCeiling, newAgreementJobs, checkOrder);
    }

    /// The same with another order of the checks.
    public ServerLoad withCheckOrder(CheckOrder newCheckOrder) {
        return new ServerLoad(effortFloor, effortCeiling, agreementJobs, newCheckOrder);
    }
}
