using System.Collections.Immutable;
using Membership.Replication;
using Membership.State;

namespace RegistryReplica.Page;

/// <summary>Compares what replicas say of their states, where they are at the same log index: nothing else can be compared.</summary>
/// <remarks>For one thread at a time.</remarks>
internal sealed class DigestComparison
{
    private HashSet<(string Replica, long Index, StateDigest Digest)> _odd = [];

    /// <summary>What each replica's digest is worth now, by replica.</summary>
    public Dictionary<string, DigestMatch> Compare(ImmutableArray<ReplicaReport> reports)
    {
        var former = _odd;
        _odd = [];
        return reports.ToDictionary(report => report.Address.Id, report => MatchOf(report, reports, former));
    }

    private DigestMatch MatchOf(ReplicaReport report, ImmutableArray<ReplicaReport> reports, HashSet<(string, long, StateDigest)> former)
    {
        if (report.Digest is not { } digest) return DigestMatch.Unknown;
        if (report.Health.Contains("diverged")) return DigestMatch.Differs;
        var others = reports.Where(other => other != report && other.Digest is not null && other.AppliedIndex == report.AppliedIndex).ToList();
        if (others.Count == 0) return DigestMatch.Unknown;
        if (others.Exists(other => other.Digest == digest)) return DigestMatch.Same;

        // A replica reads its index and its digest one after the other; an entry applied in between makes them a pair that never was.
        var pair = (report.Address.Id, report.AppliedIndex, digest);
        _odd.Add(pair);
        return former.Contains(pair) ? DigestMatch.Differs : DigestMatch.Unknown;
    }
}

/// <summary>What a replica's digest is worth.</summary>
internal enum DigestMatch
{
    /// <summary>No other replica is at the same index, or it does not answer.</summary>
    Unknown,

    /// <summary>Another replica has the same state.</summary>
    Same,

    /// <summary>It holds another state than the rest.</summary>
    Differs,
}
