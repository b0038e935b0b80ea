using System.Collections.Concurrent;
using System.Collections.Immutable;
using Membership.Replication.Configuration;
using Membership.Replication.Peers;
using Membership.Replication.Snapshots;

namespace Membership.Cluster.Tests.Peers;

/// <summary>A replica that answers what the test says; by default it decides each proposal with its first byte as revision.</summary>
internal sealed class ScriptedService : IPeerService
{
    private int _running;
    private int _runningMax;
    private int _forwards;

    public Func<IReadOnlyList<ReadOnlyMemory<byte>>, TimeSpan, CancellationToken, ValueTask<ForwardResult>> OnForward { get; set; } =
        (proposals, _, _) => ValueTask.FromResult(Echo(proposals));

    public Func<CancellationToken, ValueTask<ReadIndexResult>> OnReadIndex { get; set; } =
        _ => ValueTask.FromResult(new ReadIndexResult(42));

    public Func<PeerStatus> OnStatus { get; set; } = () => new() { ReplicaId = "r1", Incarnation = 1 };

    public SnapshotStore? Snapshots { get; set; }

    public RemovedNotice? Removed { get; private set; }

    /// <summary>Batches that came in.</summary>
    public int Forwards => Volatile.Read(ref _forwards);

    /// <summary>The lengths of the groups of each batch.</summary>
    public ConcurrentQueue<int[]> Groups { get; } = [];

    /// <summary>The most batches at one time.</summary>
    public int RunningMax => Volatile.Read(ref _runningMax);

    public static ForwardResult Echo(IReadOnlyList<ReadOnlyMemory<byte>> proposals)
    {
        var outcomes = ImmutableArray.CreateBuilder<Outcome>(proposals.Count);
        foreach (var proposal in proposals) outcomes.Add(new(Code.Ok, BitConverter.ToUInt64(proposal.Span)));
        return ForwardResult.Decided(outcomes.MoveToImmutable());
    }

    public async ValueTask<ForwardResult> ForwardAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> proposals, IReadOnlyList<int> groups, TimeSpan deadline, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _forwards);
        Groups.Enqueue([.. groups]);
        var running = Interlocked.Increment(ref _running);
        for (var max = _runningMax; running > max; max = _runningMax) Interlocked.CompareExchange(ref _runningMax, running, max);
        try
        {
            return await OnForward(proposals, deadline, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    public ValueTask<ReadIndexResult> ConfirmReadIndexAsync(CancellationToken cancellationToken) => OnReadIndex(cancellationToken);

    public ValueTask<PeerStatus> GetStatusAsync(CancellationToken cancellationToken) => ValueTask.FromResult(OnStatus());

    public long GetClock() => 1_700_000_000_123;

    public bool HasSnapshot(SnapshotHash hash) => Snapshots?.Has(hash) ?? false;

    public ValueTask<ReadOnlyMemory<byte>?> ReadSnapshotChunkAsync(
        SnapshotHash hash, long offset, int length, CancellationToken cancellationToken) =>
        Snapshots?.ReadAsync(hash, offset, length, cancellationToken) ?? default;

    public ValueTask OnRemovedAsync(RemovedNotice notice, CancellationToken cancellationToken)
    {
        Removed = notice;
        return default;
    }

    public ValueTask<ClusterChangeAnswer> ChangeClusterAsync(ClusterChange change, CancellationToken cancellationToken) =>
        new(new ClusterChangeAnswer((int)Code.ReplicaNotReady, $"{change}"));

    public ValueTask<string[]> ExchangeReplicasAsync(IReadOnlyList<string> known, CancellationToken cancellationToken) => new([.. known.Reverse()]);

    public ValueTask<bool> HandOverAsync(HandOverNotice notice, CancellationToken cancellationToken) => new(notice.Term == 7);

    public ValueTask<bool> AdmitAsync(VoteOffer offer, CancellationToken cancellationToken) => new(offer.Incarnation == 1);

    public PeerCheckpoint[] GetCheckpoints() => [new(7, new byte[16])];

    public bool RequestCheckpoint() => true;

    public ValueTask<SnapshotPointer?> OfferSnapshotAsync(long index, CancellationToken cancellationToken) =>
        new(Snapshots?.Newest is { } file && file.Index >= index ? SnapshotPointer.To(file, "127.0.0.1:1") : null);
}
