using System.Diagnostics.Metrics;
using Membership.Replication.Hosting;

namespace Membership.Replication.Telemetry;

/// <summary>Gauges: each reads a field that is there anyway, when somebody collects.</summary>
internal static class ReplicaGauges
{
    /// <summary>Adds them.</summary>
    public static void Add(Meter meter, ReplicaEngine engine)
    {
        AddRaft(meter, engine);
        AddState(meter, engine);
        meter.CreateObservableGauge(
            "membership.queue.length", () => engine.Leadership.Current?.Waiting ?? 0, "{proposal}", "Proposals that wait on the leader; 0 on others.");
        meter.CreateObservableGauge("membership.watch.held", () => engine.Events.Bytes, "By", "Events held for those who watch.");
        meter.CreateObservableGauge(
            "membership.snapshot.size", () => engine.Snapshots.Newest?.Length ?? 0, "By", "The newest snapshot on the disk; 0 for none.");
        meter.CreateObservableGauge(
            "membership.snapshot.index", () => engine.Snapshots.Newest?.Index ?? 0, "{entry}", "The last log index within the newest snapshot; 0 for none.");
    }

    private static void AddRaft(Meter meter, ReplicaEngine engine)
    {
        meter.CreateObservableGauge("membership.raft.term", () => engine.Progress.Term, "{term}", "The current term; it rises with each election.");
        meter.CreateObservableGauge("membership.raft.leader", () => engine.Progress.IsLeading ? 1 : 0, "1", "1 while this replica leads, else 0.");
        meter.CreateObservableGauge("membership.log.last_index", () => engine.Progress.LastIndex, "{entry}", "The last index of the log.");
        meter.CreateObservableGauge("membership.log.commit_index", () => engine.Progress.CommitIndex, "{entry}", "The last index known to be committed.");
        meter.CreateObservableGauge("membership.apply.index", () => engine.Progress.AppliedIndex, "{entry}", "The last index applied.");
        meter.CreateObservableGauge("membership.apply.lag", () => engine.Progress.Lag, "{entry}", "Entries known to be committed and not applied here.");
        meter.CreateObservableGauge(
            "membership.fenced", () => engine.Fence.IsUp || engine.Fault.Current is not null ? 1 : 0, "1",
            "1 while nothing is served: the state is in doubt, or the replica has stopped for good; else 0.");
        meter.CreateObservableGauge("membership.clock.skewed", () => engine.Progress.HasClockSkew ? 1 : 0, "1", "1 while the clock is too far from a majority's to lead.");
    }

    private static void AddState(Meter meter, ReplicaEngine engine)
    {
        meter.CreateObservableGauge("membership.revision", () => (long)engine.Store.Revision, "{revision}", "The revision given out last, as applied here.");
        meter.CreateObservableGauge("membership.networks", () => engine.Store.Counts.Networks, "{network}", "Networks, the backbone not among them.");
        meter.CreateObservableGauge("membership.nodes", () => engine.Store.Counts.Nodes, "{node}", "Registered nodes.");
        meter.CreateObservableGauge("membership.members", () => engine.Store.Counts.Members, "{member}", "Memberships over all networks, those of the backbone not among them.");
        meter.CreateObservableGauge("membership.invites", () => engine.Store.Counts.Invites, "{invite}", "Invites that are not answered yet.");
        meter.CreateObservableGauge("membership.sessions", () => engine.Store.Counts.Sessions, "{session}", "Sessions of clients, by which repeated requests are known.");
    }
}
