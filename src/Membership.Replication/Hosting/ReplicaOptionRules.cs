using System.Net;
using Membership.State;
using static Membership.Replication.Hosting.OptionProblem;
using Options = Membership.Replication.MembershipReplicaOptions;

namespace Membership.Replication.Hosting;

/// <summary>What the options of a replica have to be.</summary>
internal static class ReplicaOptionRules
{
    private const string IdForm = "1 to 64 of a-z, 0-9 and '-'";

    /// <summary>A sentence or two for each option that is wrong: what it is, and what to set it to.</summary>
    public static IEnumerable<string> FindProblems(Options options) =>
        IdentityProblems(options).Concat(ReplicasProblems(options)).Concat(TimeProblems(options)).Concat(SizeProblems(options)).OfType<string>();

    private static IEnumerable<string?> IdentityProblems(Options o)
    {
        yield return Unless(MembershipState.IsClusterId(o.ClusterId), nameof(o.ClusterId), o.ClusterId, IdForm);
        yield return Unless(MembershipState.IsClusterId(o.ReplicaId), nameof(o.ReplicaId), o.ReplicaId, IdForm);
        yield return Unless(o.DataFolder is { Length: > 0 }, nameof(o.DataFolder), o.DataFolder, "the path of a folder of this replica's own");
    }

    private static IEnumerable<string?> ReplicasProblems(Options o)
    {
        var ids = string.Join(", ", o.Replicas.Select(replica => replica.Id));
        yield return Unless(o.Replicas.Count is >= 1 and <= 7, nameof(o.Replicas), o.Replicas.Count, "one to seven replicas");
        yield return Unless(
            !o.Bootstrap || o.Replicas.Count is 1 or 3, nameof(o.Replicas), o.Replicas.Count, $"one or three replicas, or {nameof(o.Bootstrap)} to false");
        yield return Unless(o.Replicas.All(r => MembershipState.IsClusterId(r.Id)), nameof(o.Replicas), ids, $"replicas with ids of {IdForm}");
        yield return Unless(o.Replicas.DistinctBy(r => r.Id).Count() == o.Replicas.Count, nameof(o.Replicas), ids, "replicas with different ids");
        var addresses = o.Replicas.SelectMany(r => new[] { r.RaftEndPoint, r.PeerEndPoint }).ToArray();
        var all = string.Join(", ", addresses.Select(address => $"{address}"));
        yield return Unless(addresses.Distinct().Count() == addresses.Length, nameof(o.Replicas), all, "replicas with two addresses each, all different");
        yield return Unless(addresses.All(a => a is IPEndPoint or DnsEndPoint), nameof(o.Replicas), all, "replicas with IPEndPoint or DnsEndPoint addresses");
        if (o.Replicas.FirstOrDefault(replica => replica.Id == o.ReplicaId) is { } self)
        {
            yield return ListenProblem(o, nameof(o.RaftListenEndPoint), o.RaftListenEndPoint, self.RaftEndPoint);
            yield return ListenProblem(o, nameof(o.PeerListenEndPoint), o.PeerListenEndPoint, self.PeerEndPoint);
        }
        else
        {
            yield return Of(nameof(o.Replicas), ids, $"a list with '{o.ReplicaId}' in it, or {nameof(o.ReplicaId)} to one of the list");
        }
    }

    private static string? ListenProblem(Options o, string option, IPEndPoint? listen, EndPoint own)
    {
        if ((listen ?? own as IPEndPoint) is not { } endPoint) return Of(option, null, $"an IP address and a port, as this replica's own address, {own}, is a name");
        var isSafe = o.Tls is not null || o.AllowPlaintextBeyondLoopback || IPAddress.IsLoopback(endPoint.Address);
        return Unless(
            isSafe, option, endPoint, $"a loopback address, or {nameof(o.Tls)} to a certificate, or {nameof(o.AllowPlaintextBeyondLoopback)} to true where the network is private");
    }

    private static IEnumerable<string?> TimeProblems(Options o)
    {
        yield return Unless(o.ElectionTimeoutMinMs >= 50, nameof(o.ElectionTimeoutMinMs), o.ElectionTimeoutMinMs, "50 or more");
        yield return Unless(
            o.ElectionTimeoutMaxMs > o.ElectionTimeoutMinMs, nameof(o.ElectionTimeoutMaxMs), o.ElectionTimeoutMaxMs,
            $"more than {nameof(o.ElectionTimeoutMinMs)}, {o.ElectionTimeoutMinMs}");
        yield return Unless(o.HeartbeatThreshold is > 0 and < 1, nameof(o.HeartbeatThreshold), o.HeartbeatThreshold, "a number above 0 and below 1");
        yield return Unless(
            o.RequestTimeoutMs is null || (o.RequestTimeoutMs > 0 && o.RequestTimeoutMs <= o.ElectionTimeoutMinMs), nameof(o.RequestTimeoutMs), o.RequestTimeoutMs,
            $"1 to {nameof(o.ElectionTimeoutMinMs)}, {o.ElectionTimeoutMinMs}, or leave it out");
        yield return Unless(o.RequestLimitMs is >= 100 and <= 60_000, nameof(o.RequestLimitMs), o.RequestLimitMs, "100 to 60000");
        yield return Unless(o.HandOverLimitMs is null or (>= 0 and <= 60_000), nameof(o.HandOverLimitMs), o.HandOverLimitMs, "0 to 60000, or leave it out");
        yield return Unless(o.ClockSkewMaxMs >= 1, nameof(o.ClockSkewMaxMs), o.ClockSkewMaxMs, "1 or more; 5000 is the one that the promises rest on");
    }

    private static IEnumerable<string?> SizeProblems(Options o)
    {
        yield return Unless(o.QueueLengthMax >= 1, nameof(o.QueueLengthMax), o.QueueLengthMax, "1 or more");
        yield return Unless(o.SnapshotBytes >= 64 << 10, nameof(o.SnapshotBytes), o.SnapshotBytes, "65536 or more");
        yield return Unless(o.CheckpointEntries >= 1, nameof(o.CheckpointEntries), o.CheckpointEntries, "1 or more");
        yield return Unless(o.WatchEventsMax >= 1, nameof(o.WatchEventsMax), o.WatchEventsMax, "1 or more");
        yield return Unless(o.WatchBytesMax >= 64 << 10, nameof(o.WatchBytesMax), o.WatchBytesMax, "65536 or more");
        yield return Unless(o.ReadyLagMax >= 1, nameof(o.ReadyLagMax), o.ReadyLagMax, "1 or more");
    }
}
