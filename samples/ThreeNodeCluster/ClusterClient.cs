using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Membership;
using Membership.Replication.Peers;

namespace ThreeNodeCluster;

/// <summary>
/// Speaks the peer channel, for what the wire does not offer: votes in the cluster, the snapshot that a replica was brought up by, and
/// proposals whose actor needs no credential.
/// </summary>
internal sealed class ClusterClient(string clusterId) : IAsyncDisposable
{
    private static readonly TimeSpan Attempt = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly SortedDictionary<string, PeerClient> _peers = new(StringComparer.Ordinal);
    private readonly PeerIdentity _self = new(clusterId, "story", Draw());
    private readonly RequestIds _ids = new();
    private string? _leader;

    /// <summary>Requests that were sent more than once.</summary>
    public int RetryCount { get; private set; }

    /// <summary>Makes a replica known; one that is known under the id and came back is found again by itself.</summary>
    public void Add(string id, IPEndPoint endPoint) => _peers.TryAdd(id, new(new(id, endPoint), _self));

    /// <summary>A proposal with a request id of its own.</summary>
    public Proposal Make(Actor actor, Mutation mutation) => _ids.Make(actor, mutation);

    /// <summary>Sends a proposal until it is decided; throws when it is not within half a minute.</summary>
    public async Task<Outcome> SendAsync(Proposal proposal)
    {
        var outcomes = await SendAsync([proposal]);
        return outcomes[0];
    }

    /// <summary>Sends a batch in one message, again and again under the same ids, until it is decided.</summary>
    public async Task<IReadOnlyList<Outcome>> SendAsync(IReadOnlyList<Proposal> proposals)
    {
        var encoded = proposals.Select(proposal => (ReadOnlyMemory<byte>)proposal.Encode()).ToList();
        var clock = Stopwatch.StartNew();
        for (var attempt = 0; clock.Elapsed < Limit; attempt++)
        {
            if (attempt == 1) RetryCount += proposals.Count;
            var peer = Choose(attempt);
            var result = await peer.ForwardAsync(encoded, Attempt);
            switch (result.Verdict)
            {
                case ForwardVerdict.Decided when result.Outcomes.All(IsFinal):
                    _leader = peer.Address.ReplicaId;
                    return result.Outcomes;
                case ForwardVerdict.NotLeader:
                    _leader = result.LeaderHint;
                    break;
                default:
                    _leader = null;
                    break;
            }

            await Task.Delay(Pause);
        }

        throw new TimeoutException($"No replica decided within {Limit.TotalSeconds:F0} s.");
    }

    /// <summary>What a replica says of itself; null when it does not answer.</summary>
    public async Task<PeerStatus?> StatusOfAsync(string id)
    {
        try
        {
            using var limit = new CancellationTokenSource(Attempt);
            return await _peers[id].GetStatusAsync(limit.Token);
        }
        catch (Exception e) when (e is PeerUnavailableException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>The replica that says it leads.</summary>
    public async Task<string?> FindLeaderAsync()
    {
        foreach (var id in _peers.Keys.ToList())
        {
            if (await StatusOfAsync(id) is { IsLeader: true }) return id;
        }

        return null;
    }

    public PeerClient this[string id] => _peers[id];

    public async ValueTask DisposeAsync()
    {
        foreach (var peer in _peers.Values) await peer.DisposeAsync();
    }

    private PeerClient Choose(int attempt) =>
        _leader is not null && _peers.TryGetValue(_leader, out var leader)
            ? leader
            : _peers.Values.ElementAt(attempt % _peers.Count);

    private static bool IsFinal(Outcome outcome) =>
        outcome.Code is not (Code.NotLeader or Code.Unavailable or Code.Overloaded or Code.OutcomeUnknown);

    private static ulong Draw() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
}
