using System.Net;
using Membership.Replication.Hosting;
using Membership.Replication.Peers;

namespace Membership.Replication.Configuration;

/// <summary>
/// While this replica leads, it tells every replica who listens where, and those without a vote that they have none: the package does not,
/// and one would go on asking for votes.
/// </summary>
internal sealed class ReplicaNews(ReplicaCluster cluster, ConfigurationStorage configuration, ReplicaDirectory directory, PeerSet peers)
{
    /// <summary>Replicas that one message may name.</summary>
    public const int NamedMax = 64;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    /// <summary>Runs until the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Period);
        while (await timer.WaitForNextTickAsync(stop))
        {
            if (cluster.IsLeading) await TellAsync(stop);
        }
    }

    /// <summary>What this replica knows, the newest if it is too much.</summary>
    public string[] Known() => [.. directory.All.OrderByDescending(known => known.Since).Take(NamedMax).Select(known => known.ToText())];

    private async Task TellAsync(CancellationToken stop)
    {
        var voters = await configuration.ReadVotersAsync(stop);
        var version = await configuration.ReadVersionAsync(stop);
        var told = await peers.AskAllAsync((peer, token) => TellAsync(peer, voters, version, token), stop);
        directory.Hear(told.SelectMany(KnownReplica.ParseAll));
    }

    private async Task<string[]> TellAsync(PeerClient peer, IReadOnlySet<EndPoint> voters, long version, CancellationToken token)
    {
        if (directory.Find(peer.Address.ReplicaId) is { } address && !voters.Contains(address.RaftEndPoint))
        {
            var status = await peer.GetStatusAsync(token);
            await peer.NotifyRemovedAsync(new(status.Incarnation, version), token);
        }

        return await peer.ExchangeReplicasAsync(Known(), token);
    }
}
