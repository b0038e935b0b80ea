using DotNext.Net.Cluster.Consensus.Raft;
using Membership.Replication.Birth;
using Membership.Replication.Configuration;
using Membership.Replication.Faults;
using Membership.Replication.Leadership;
using Membership.Replication.Log;
using Membership.Replication.Peers;
using Membership.Replication.Proposals;
using Membership.Replication.Reads;
using Membership.Replication.Snapshots;
using Membership.Replication.Telemetry;
using Membership.Replication.Transport;
using Membership.Replication.Versions;
using Membership.Replication.Watch;
using Membership.State;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Hosting;

/// <summary>The parts of a running replica and the order in which they open and close.</summary>
internal sealed partial class ReplicaEngine : IAsyncDisposable
{
    private static readonly TimeSpan StartingMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ClosingMax = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StartingPause = TimeSpan.FromMilliseconds(100);

    private readonly MembershipReplicaOptions _options;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _fence = new();
    private readonly Stack<Func<ValueTask>> _closing = [];
    private readonly List<Task> _running = [];
    private bool _isDisposing;
    private readonly DataFolder _folder;
    private readonly PeerIdentity _self;
    private readonly ReplicaDirectory _directory;
    private readonly PeerSet _peers;
    private readonly PeerService _service;
    private readonly string _sender;
    private readonly Action<AppliedEntry> _applied;
    private readonly ReplicaMeter _meter;
    private StateMachineHost _host = null!;
    private SnapshotTransfer _snapshotTransfer = null!;
    private Candidacy _candidacy = null!;
    private ClockAgreement _clock = null!;
    private SnapshotInstaller _installer = null!;
    private ConfigurationStorage _configuration = null!;
    private VoteGate _voteGate = null!;
    private DurableLog _log = null!;
    private ReplicaCluster _cluster = null!;
    private LeaderSight _sight = null!;
    private FollowerAnswers _followers = null!;
    private ReplicaNews _news = null!;

    private ReplicaEngine(
        MembershipReplicaOptions options, DataFolder folder, TimeProvider time, ILoggerFactory loggers, ReplicaMeter meter, Action<AppliedEntry> applied)
    {
        _options = options;
        _time = time;
        _loggers = loggers;
        _logger = loggers.CreateLogger<MembershipReplica>();
        _folder = folder;
        _applied = applied;
        _meter = meter;
        _sender = ReplicaAddress.ToText(options.Self.PeerEndPoint);
        Fault = new(_logger);
        Disk = new(folder.ProbeFile);
        Fence = new(new(folder.DivergedFile), _logger);
        Store = new(MembershipState.Founded(options.ClusterId, options.Limits));
        _self = new(options.ClusterId, options.ReplicaId, folder.Meta?.Incarnation ?? Founding.NewIncarnation());
        _directory = new(options, folder.ReplicasFile, _logger);
        _peers = new(_directory, options.Tls, _self, time, loggers);
        _service = new(_self, folder.HasLog, time);
        Close(_fence.Dispose);
        Close(Fence.Dispose);
        Close(folder.Dispose);
        Close(_peers.DisposeAsync);
    }

    /// <summary>The state.</summary>
    public MembershipStore Store { get; }

    /// <summary>The snapshot files.</summary>
    public SnapshotStore Snapshots { get; private set; } = null!;

    /// <summary>Takes snapshots.</summary>
    public SnapshotKeeper Keeper { get; private set; } = null!;

    /// <summary>The last events.</summary>
    public EventRing Events { get; private set; } = null!;

    /// <summary>What stopped the replica, if something has.</summary>
    public FaultSignal Fault { get; }

    /// <summary>Whether the data folder can be written to.</summary>
    public DiskProbe Disk { get; }

    /// <summary>This replica's leaderships.</summary>
    public LeadershipLoop Leadership { get; private set; } = null!;

    /// <summary>Confirms reads.</summary>
    public ReadBarrier Reads { get; private set; } = null!;

    /// <summary>Changes of the cluster, while this replica leads.</summary>
    public ClusterChanges Changes { get; private set; } = null!;

    /// <summary>Brings changes of the cluster to the leader.</summary>
    public ChangeRouter ChangeRouter { get; private set; } = null!;

    /// <summary>How every known replica is.</summary>
    public ClusterReport Report { get; private set; } = null!;

    /// <summary>Hands leadership over, and takes it.</summary>
    public Elections Elections { get; private set; } = null!;

    /// <summary>Brings proposals to the leader.</summary>
    public ProposalRouter Proposals { get; private set; } = null!;

    /// <summary>The leader's replica id, as far as this replica knows.</summary>
    public string? LeaderId => _cluster.LeaderEndPoint is { } endPoint ? _directory.ReplicaAt(endPoint) : null;

    /// <summary>Opens the folder, joins the cluster, and returns when the replica takes part or waits to be added.</summary>
    public static async Task<ReplicaEngine> StartAsync(
        MembershipReplicaOptions options, TimeProvider time, ILoggerFactory loggers, ReplicaMeter meter, Action<AppliedEntry> applied, CancellationToken token)
    {
        options.Validate();
        var engine = new ReplicaEngine(options, DataFolder.Open(options), time, loggers, meter, applied);
        try
        {
            await engine.OpenAsync(token);
            meter.Observe(engine);
            return engine;
        }
        catch (SnapshotsLostException e)
        {
            await using (engine) await engine.SetAsideAsync(e, token);
        }
        catch (Exception e)
        {
            await engine.DisposeAsync();
            if (engine.Fault.Current is { } fault && e is not OperationCanceledException) throw new ReplicaFaultException(fault);
            throw;
        }

        return await StartAsync(options, time, loggers, meter, applied, token);
    }

    /// <summary>Takes in who listens where as a peer knows it, and says what this replica knows.</summary>
    public string[] ExchangeReplicas(IReadOnlyList<string> known)
    {
        _directory.Hear(KnownReplica.ParseAll(known.Take(ReplicaNews.NamedMax)));
        return _news.Known();
    }

    /// <summary>
    /// The cluster goes on without this replica, if it holds itself for a voter by an older configuration, or had a vote and applied its removal.
    /// A replica that waits to be added has no vote to lose.
    /// </summary>
    public async ValueTask OnRemovedAsync(RemovedNotice notice, CancellationToken token)
    {
        var version = await _configuration.ReadVersionAsync(token);
        var isRemoved = _cluster.IsVoter
            ? version < notice.ConfigurationIndex
            : version <= notice.ConfigurationIndex && _voteGate.Counts(version);
        if (!isRemoved) return;
        _folder.NoteRemoved();
        Fault.Raise(new(ReplicaFaultKind.Removed, $"The cluster removed this replica at index {notice.ConfigurationIndex}."));
    }

    /// <summary>The leader is about to add this replica. False when it holds itself for a voter: it was removed and must be wiped first.</summary>
    public bool Admit(VoteOffer offer)
    {
        if (_cluster.IsVoter) return false;
        _voteGate.Admit(offer.ConfigurationIndex);
        return true;
    }

    /// <summary>Stops in the order that the package needs: cluster, log, state machine; then whatever else is open.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposing, true)) return;
        await GiveLeadershipAwayAsync(CancellationToken.None);
        await _fence.CancelAsync();
        await _stop.CancelAsync();
        _service.Close();
        await CloseAsync(() => new(Task.WhenAll(_running)));
        while (_closing.TryPop(out var close)) await CloseAsync(close);
        _stop.Dispose();
    }

    /// <summary>
    /// Gives leadership to another voter if this replica leads and one is there to take it, in the time that the options allow. What it costs is
    /// paid here and not by callers, who would wait for an election timeout.
    /// </summary>
    public async Task GiveLeadershipAwayAsync(CancellationToken token)
    {
        if (Changes is null || !_cluster.IsLeading || _cluster.Members.Count == 1 || _options.HandOverLimit == TimeSpan.Zero) return;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        limit.CancelAfter(_options.HandOverLimit);
        try
        {
            await Changes.RunAsync(ClusterChange.Transfer(null), limit.Token);
        }
        catch (Exception e)
        {
            _logger.StopsWithoutSuccessor(e.Message);
        }
    }

    // One part that cannot be closed keeps no other open, the lock of the folder least of all; nor does one that waits for a disk that does
    // not answer keep the process from ending.
    private async Task CloseAsync(Func<ValueTask> close)
    {
        try
        {
            var closing = Task.Run(() => close().AsTask());
            await (Fault.Current is { Kind: ReplicaFaultKind.DiskSlow } ? closing.WaitAsync(ClosingMax) : closing);
        }
        catch (Exception e)
        {
            _logger.CannotClose(e);
        }
    }

    // A fault ends the part in the cluster at once; the folder stays locked until the owner disposes the replica.
    private async Task StopAtFaultAsync(CancellationToken stop)
    {
        await Fault.Raised.WaitAsync(stop);
        await _fence.CancelAsync();
        _service.Fence();
        await _cluster.StopAsync(CancellationToken.None);
    }

    private bool IsVoter(string replicaId) => _cluster.Members.Any(member => _directory.ReplicaAt(member.EndPoint) == replicaId);

    private void Run(Func<CancellationToken, Task> part) => _running.Add(Task.Run(() => Fault.GuardAsync(() => part(_stop.Token), _stop.Token)));

    private void Close(Action close) => _closing.Push(() =>
    {
        close();
        return default;
    });

    private void Close(Func<ValueTask> close) => _closing.Push(close);
}
