using Membership.Replication.Peers;
using Membership.Replication.Proposals;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Hosting;

/// <summary>The channels to all other replicas of the options.</summary>
internal sealed class PeerSet : IAsyncDisposable
{
    private readonly Dictionary<string, (PeerClient Client, BatchingForwarder Forwarder)> _peers = [];

    /// <summary>Connects to nobody yet.</summary>
    public PeerSet(MembershipReplicaOptions options, PeerIdentity self, TimeProvider time, ILoggerFactory loggers)
    {
        foreach (var replica in options.Replicas.Where(replica => replica.Id != options.ReplicaId))
        {
            var client = new PeerClient(
                new(replica.Id, replica.PeerEndPoint), self, options.Tls, null, time, loggers.CreateLogger<PeerClient>());
            _peers.Add(replica.Id, (client, new BatchingForwarder(client.ForwardAsync, null, time)));
        }
    }

    /// <summary>All of them.</summary>
    public IEnumerable<PeerClient> All => _peers.Values.Select(peer => peer.Client);

    /// <summary>The channel to one replica; null for this one and for unknown ones.</summary>
    public PeerClient? Find(string? replicaId) => replicaId is not null && _peers.TryGetValue(replicaId, out var peer) ? peer.Client : null;

    /// <summary>What gathers proposals for one replica.</summary>
    public BatchingForwarder? FindForwarder(string? replicaId) =>
        replicaId is not null && _peers.TryGetValue(replicaId, out var peer) ? peer.Forwarder : null;

    /// <summary>Asks all at once, each for a second at most; who does not answer is left out.</summary>
    public Task<IReadOnlyList<T>> AskAllAsync<T>(Func<PeerClient, CancellationToken, Task<T>> ask, CancellationToken token) =>
        AskAllAsync(static _ => true, ask, token);

    /// <summary>Asks those whose replica id is chosen, at once, each for a second at most; who does not answer is left out.</summary>
    public async Task<IReadOnlyList<T>> AskAllAsync<T>(
        Func<string, bool> isChosen, Func<PeerClient, CancellationToken, Task<T>> ask, CancellationToken token)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        limit.CancelAfter(TimeSpan.FromSeconds(1));
        var answers = new List<T>();
        foreach (var question in All.Where(peer => isChosen(peer.Address.ReplicaId)).Select(peer => TryAskAsync(peer, ask, limit.Token)).ToArray())
        {
            var (isAnswered, answer) = await question;
            if (isAnswered) answers.Add(answer!);
        }

        token.ThrowIfCancellationRequested();
        return answers;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var (client, forwarder) in _peers.Values)
        {
            await client.DisposeAsync();
            await forwarder.DisposeAsync();
        }
    }

    private static async Task<(bool IsAnswered, T? Answer)> TryAskAsync<T>(
        PeerClient peer, Func<PeerClient, CancellationToken, Task<T>> ask, CancellationToken limit)
    {
        try
        {
            return (true, await ask(peer, limit));
        }
        catch (Exception e) when (e is PeerUnavailableException or OperationCanceledException)
        {
            return (false, default);
        }
    }
}
