using Membership.Replication.Configuration;
using Membership.Replication.Peers;
using Membership.Replication.Proposals;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Hosting;

/// <summary>The channels to all other replicas of the directory, each made when it is first asked for and anew when the replica has moved.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class PeerSet(
    ReplicaDirectory directory, ReplicaTls? tls, PeerIdentity self, TimeProvider time, ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly Lock _sync = new();
    private readonly Dictionary<string, Channel> _channels = [];
    private readonly List<Task> _closing = [];
    private bool _isClosed;

    /// <summary>All of them.</summary>
    public IEnumerable<PeerClient> All => directory.All.Select(known => Find(known.Address.Id)).OfType<PeerClient>();

    /// <summary>The channel to one replica; null for this one and for unknown ones.</summary>
    public PeerClient? Find(string? replicaId) => ChannelTo(replicaId)?.Client;

    /// <summary>What gathers proposals for one replica.</summary>
    public BatchingForwarder? FindForwarder(string? replicaId) => ChannelTo(replicaId)?.Forwarder;

    /// <summary>Asks all at once, each for a second at most; who does not answer is left out.</summary>
    public Task<IReadOnlyList<T>> AskAllAsync<T>(Func<PeerClient, CancellationToken, Task<T>> ask, CancellationToken token) =>
        AskAllAsync(static _ => true, ask, token);

    /// <summary>
    /// Asks those whose replica id is chosen, at once, each for a second at most; who does not answer is left out, and nobody is waited for any
    /// more once the answers are enough.
    /// </summary>
    public async Task<IReadOnlyList<T>> AskAllAsync<T>(
        Func<string, bool> isChosen, Func<PeerClient, CancellationToken, Task<T>> ask, CancellationToken token,
        Func<IReadOnlyList<T>, bool>? isEnough = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        limit.CancelAfter(TimeSpan.FromSeconds(1));
        var answers = new List<T>();
        var questions = All.Where(peer => isChosen(peer.Address.ReplicaId)).Select(peer => TryAskAsync(peer, ask, limit.Token)).ToArray();
        await foreach (var question in Task.WhenEach(questions))
        {
            var (isAnswered, answer) = await question;
            if (!isAnswered) continue;
            answers.Add(answer!);
            if (isEnough?.Invoke(answers) is not true) continue;
            await limit.CancelAsync();
            break;
        }

        token.ThrowIfCancellationRequested();
        return answers;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        lock (_sync)
        {
            _isClosed = true;
            foreach (var channel in _channels.Values) _closing.Add(channel.CloseAsync());
            _channels.Clear();
        }

        await Task.WhenAll(_closing);
    }

    private Channel? ChannelTo(string? replicaId)
    {
        if (replicaId == self.ReplicaId || directory.Find(replicaId) is not { } address) return null;
        lock (_sync)
        {
            if (_isClosed) return null;
            if (_channels.TryGetValue(address.Id, out var present))
            {
                if (present.Client.Address.EndPoint.Equals(address.PeerEndPoint)) return present;
                _closing.Add(present.CloseAsync());
            }

            return _channels[address.Id] = Open(address);
        }
    }

    private Channel Open(ReplicaAddress address)
    {
        var client = new PeerClient(new(address.Id, address.PeerEndPoint), self, tls, null, time, loggers.CreateLogger<PeerClient>());
        return new(client, new BatchingForwarder(client.ForwardAsync, null, time));
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

    private sealed record Channel(PeerClient Client, BatchingForwarder Forwarder)
    {
        public async Task CloseAsync()
        {
            await Client.DisposeAsync();
            await Forwarder.DisposeAsync();
        }
    }
}
