package konce.simulator.plan;

import java.util.List;
import konce.simulator.network.LinkOptions;
import konce.simulator.network.Rebinding;

/// One run, in full.
///
/// @param toServer what datagrams from a client to the server go through
/// @param toClient what datagrams from the server to a client go through
/// @param rebinding when the clients' address translator forgets them
/// @param hosts what the endpoints are
/// @param workload what they say to each other
/// @param attacks who disturbs them
/// @param expectations what must come of it, and when
public record Plan(
        LinkOptions toServer,
        LinkOptions toClient,
        Rebinding rebinding,
        HostOptions hosts,
        Workload workload,
        List<Attack> attacks,
        Expectations expectations) {

    public Plan {
        attacks = List.copyOf(attacks);
    }

    public Plan withLinks(LinkOptions newToServer, LinkOptions newToClient) {
        return new Plan(newToServer, newToClient, rebinding, hosts, workload, attacks, expectations);
    }

    public Plan withRebinding(Rebinding newRebinding) {
        return new Plan(toServer, toClient, newRebinding, hosts, workload, attacks, expectations);
    }

    public Plan withHosts(HostOptions newHosts) {
        return new Plan(toServer, toClient, rebinding, newHosts, workload, attacks, expectations);
    }

    public Plan withWorkload(Workload newWorkload) {
        return new Plan(toServer, toClient, rebinding, hosts, newWorkload, attacks, expectations);
    }

    public Plan withAttacks(List<Attack> newAttacks) {
        return new Plan(toServer, toClient, rebinding, hosts, workload, newAttacks, expectations);
    }

    public Plan withExpectations(Expectations newExpectations) {
        return new Plan(toServer, toClient, rebinding, hosts, workload, attacks, newExpectations);
    }
}
