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
using Membership.Replication.Transport;
using Membership.Replication.Watch;
using Membership.State;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Hosting;

/// <summary>The parts of a running replica and the order in which they open and close.</summary>
internal sealed partial class ReplicaEngine : IAsyncDisposable
{
    private static readonly TimeSpan StartingMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StartingPause = TimeSpan.FromMilliseconds(100);

    private readonly MembershipReplicaOptions _options;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _fence = new();
    private readonly Stack<Func<ValueTask>> _closing = [];
    private readonly List<Task> _running = [];
    private readonly DataFolder _folder;
    private readonly PeerIdentity _self;
    private readonly ReplicaDirectory _directory;
    private readonly PeerSet _peers;
    private readonly PeerService _service;
    private readonly Action<AppliedEntry> _applied;
    private StateMachineHost _host = null!;
    private ClockAgreement _clock = null!;
    private SnapshotInstaller _installer = null!;
    private ConfigurationStorage _configuration = null!;
    private VoteGate _voteGate = null!;
    private DurableLog _log = null!;
    private ReplicaCluster _cluster = null!;
    private LeadershipTransfer _transfer = null!;
    private ReplicaNews _news = null!;

    private ReplicaEngine(MembershipReplicaOptions options, DataFolder folder, TimeProvider time, ILoggerFactory loggers, Action<AppliedEntry> applied)
    {
        _options = options;
        _time = time;
        _loggers = loggers;
        _logger = loggers.CreateLogger<MembershipReplica>();
        _folder = folder;
        _applied = applied;
        Fault = new(_logger);
        Store = new(MembershipState.Founded(options.ClusterId, options.Limits));
        _self = new(options.ClusterId, options.ReplicaId, folder.Meta?.Incarnation ?? Founding.NewIncarnation());
        _directory = new(options, folder.ReplicasFile, _logger);
        _peers = new(_directory, options.Tls, _self, time, loggers);
        _service = new(_self, folder.HasLog, time);
        Close(_fence.Dispose);
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

    // A new voter is caught up within so many rounds, and a round carries one cut of the log, which may be three snapshots long.
    private int WarmupRounds => 16 + (int)(3 * _options.SnapshotBytes / DurableLog.ReplicationCutBytes);

    /// <summary>Opens the folder, joins the cluster, and returns when the replica takes part or waits to be added.</summary>
    public static async Task<ReplicaEngine> StartAsync(
        MembershipReplicaOptions options, TimeProvider time, ILoggerFactory loggers, Action<AppliedEntry> applied, CancellationToken token)
    {
        options.Validate();
        var engine = new ReplicaEngine(options, DataFolder.Open(options), time, loggers, applied);
        try
        {
            await engine.OpenAsync(token);
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

        return await StartAsync(options, time, loggers, applied, token);
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
        if (_stop.IsCancellationRequested) return;
        await GiveLeadershipAwayAsync();
        await _fence.CancelAsync();
        await _stop.CancelAsync();
        _service.Close();
        await Task.WhenAll(_running);
        while (_closing.TryPop(out var close)) await CloseAsync(close);
        _stop.Dispose();
    }

    // What it costs is paid here and not by callers, who would wait for an election timeout. Nobody may be there to take it.
    private async Task GiveLeadershipAwayAsync()
    {
        if (Changes is null || !_cluster.IsLeading || _cluster.Members.Count == 1) return;
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(_options.ElectionTimeoutMaxMs));
        try
        {
            await Changes.RunAsync(ClusterChange.Transfer(null), limit.Token);
        }
        catch (Exception e)
        {
            _logger.LogInformation("Stops without a successor: {Reason}", e.Message);
        }
    }

    // One part that cannot be closed keeps no other open, the lock of the folder least of all.
    private async Task CloseAsync(Func<ValueTask> close)
    {
        try
        {
            await close();
        }
        catch (Exception e)
        {
            _logger.LogError(e, "A part of the replica could not be closed.");
        }
    }

    private async Task OpenAsync(CancellationToken token)
    {
        OpenPeerServer();
        await new Founding(_folder, _options, _directory, _logger).CompleteAsync(_self.Incarnation, IsClusterAliveAsync, token);
        OpenStateMachine();
        OpenLog();
        await OpenClusterAsync(token);
        await OpenLoopsAsync(token);
        _service.Serve(this);
    }

    private void OpenPeerServer()
    {
        var server = new PeerServer(_options.PeerListen, _self, _service, _options.Tls, null, _loggers.CreateLogger<PeerServer>());
        Close(server.DisposeAsync);
        server.Start();
    }

    // Before the log: it starts from the published snapshot, and applies from its constructor on.
    private void OpenStateMachine()
    {
        Snapshots = new(_folder.SnapshotPath, _options.ClusterId, _options.Limits, _time, _loggers.CreateLogger<SnapshotStore>());
        Close(Snapshots.Dispose);
        var load = Snapshots.LoadNewest();
        if (load.IsLost) throw new SnapshotsLostException(load.Faults);
        if (load.Snapshot is { } snapshot) Store.ReplaceState(snapshot.State);
        Events = new(Store.Summary.Revision, _options.WatchEventsMax, _options.WatchBytesMax);
        _fence.Token.Register(Events.Close);
        var transfer = new SnapshotTransfer(Snapshots, _loggers.CreateLogger<SnapshotTransfer>());
        Close(transfer.Dispose);
        _installer = new(transfer, SourcesOf, _logger);
        Close(_installer.DisposeAsync);
        Keeper = new(Store, Snapshots, _options.SnapshotBytes, ReplicaAddress.ToText(_options.Self.PeerEndPoint), Fault);
        Close(Keeper.FinishAsync);
        _host = new(Store, Snapshots, Keeper, _installer, OnApplied, state => Events.Restart(state.Revision), Fault, _logger);
    }

    private void OnApplied(AppliedEntry applied)
    {
        Events.Append(applied.Events, Store.Revision);
        _applied(applied);
    }

    // The state can only come from a peer now, and with it a new life.
    private async Task SetAsideAsync(SnapshotsLostException lost, CancellationToken token)
    {
        if (!IsAnyAlive(await AskPeersAsync(token)))
        {
            throw new DataFolderException(
                DataFolderProblem.Damaged, _folder.Path, $"{lost.Message} And no other replica answers that could send one.", lost);
        }

        var aside = _folder.SetAside();
        _logger.LogError("{Problem} The files were moved to {Aside}; the replica waits to be removed and added.", lost.Message, aside);
    }

    // Whoever points to it first: it keeps the file for that.
    private IReadOnlyList<ISnapshotSource> SourcesOf(SnapshotPointer pointer) =>
        [.. _peers.All.OrderBy(peer => ReplicaAddress.ToText(peer.Address.EndPoint) != pointer.Sender)];

    private void OpenLog()
    {
        _configuration = new(_folder.ConfigurationFile, _directory);
        Close(_configuration.Dispose);
        _voteGate = new(_configuration, _folder.AdmissionFile, isFounder: _folder.Meta!.Founders is not null);
        _log = DurableLog.Open(_folder.LogPath, _host, _time);
        Close(_log.DisposeAsync);
        _folder.NoteLogBegun();
    }

    private async Task OpenClusterAsync(CancellationToken token)
    {
        var handshake = new RaftHandshake(_self, _options.Tls, _directory.ReplicaAt, _options.LinkFaults);
        var connections = new RaftConnectionFactory(handshake, _loggers);
        Close(connections.Dispose);
        var configuration = new RaftCluster.CustomTransportConfiguration(
            _options.Self.RaftEndPoint, new RaftListenerFactory(_options.RaftListen, handshake, _loggers), connections)
        {
            ConfigurationStorage = _voteGate,
            ColdStart = false,
            LowerElectionTimeout = _options.ElectionTimeoutMinMs,
            UpperElectionTimeout = _options.ElectionTimeoutMaxMs,
            HeartbeatThreshold = _options.HeartbeatThreshold,
            RequestTimeout = _options.RequestTimeout,
            ConnectTimeout = _options.RequestTimeout,
            WarmupRounds = WarmupRounds,
            LoggerFactory = new PackageLoggers(_loggers),
        };
        await BeginOwnTermAsync(token);
        _cluster = new(configuration) { AuditTrail = _log };
        Close(_cluster.DisposeAsync);
        await _cluster.StartAsync(token);
    }

    // A sole voter leads without an election, and so under its old term: a term of its own keeps index and term unique to one leadership.
    private async Task BeginOwnTermAsync(CancellationToken token)
    {
        var voters = await _configuration.ReadVotersAsync(token);
        if (voters.Count == 1 && voters.Contains(_options.Self.RaftEndPoint))
            await ((IPersistentState)_log).IncrementTermAsync(DotNext.Net.Cluster.ClusterMemberId.FromEndPoint(_options.Self.RaftEndPoint), token);
    }

    private async Task OpenLoopsAsync(CancellationToken token)
    {
        _clock = new(_cluster, _peers, _options, _time, _logger);
        Leadership = new(_cluster, _log, epoch => new(_cluster, epoch, _options, _time), _clock.MayLeadAsync, _logger);
        Reads = new(_cluster, _log, _peers, () => LeaderId, _options.RequestLimit, _fence.Token);
        var forwarder = new LeaderForwarder(_peers, () => LeaderId, _options.ForwardLimit, _fence.Token);
        Proposals = new(Leadership, forwarder, _options.Limits, _options.RequestLimit, _fence.Token);
        Close(Proposals.Dispose);

        // Once before the first leadership: a wrong clock is to propose nothing.
        await _clock.CompareAsync(token);
        Run(_clock.RunAsync);
        Run(new StandstillWatch(_cluster, _log, _peers, IsVoter, _time, _logger).RunAsync);
        Elections = new(_cluster, _log, _options.ReplicaId, _options, _logger);
        _transfer = new(_cluster, _log, Leadership, Elections, _peers, _directory, _options, _logger);
        Changes = new(_cluster, _configuration, _directory, _peers, _log, _transfer, _logger, _stop.Token);
        ChangeRouter = new(Changes, _cluster, _peers, () => LeaderId, _options.RequestLimit, _fence.Token);
        Report = new(_configuration, _directory, _peers, GetPeerStatusAsync);
        _news = new(_cluster, _configuration, _directory, _peers);
        Run(Leadership.RunAsync);
        Run(_news.RunAsync);
        Run(new DiskWatch(_log, _options, Fault, _time).RunAsync);
        Run(StopAtFaultAsync);
    }

    // A fault ends the part in the cluster at once; the folder stays locked until the owner disposes the replica.
    private async Task StopAtFaultAsync(CancellationToken stop)
    {
        await Fault.Raised.WaitAsync(stop);
        await _fence.CancelAsync();
        _service.Fence();
        await _cluster.StopAsync(CancellationToken.None);
    }

    // A peer that is only just opening a folder with a log in it may hold the whole history: the question is put again until it knows, and
    // it counts as alive if it takes too long.
    private async Task<bool> IsClusterAliveAsync(CancellationToken token)
    {
        var began = _time.GetTimestamp();
        while (true)
        {
            var statuses = await AskPeersAsync(token);
            if (IsAnyAlive(statuses)) return true;
            if (!statuses.Any(status => status.IsClosed)) return false;
            if (_time.GetElapsedTime(began) > StartingMax) return true;
            await Task.Delay(StartingPause, token);
        }
    }

    private Task<IReadOnlyList<PeerStatus>> AskPeersAsync(CancellationToken token) => _peers.AskAllAsync((peer, t) => peer.GetStatusAsync(t), token);

    private static bool IsAnyAlive(IReadOnlyList<PeerStatus> statuses) => statuses.Any(status => status.Revision > 0);

    private bool IsVoter(string replicaId) => _cluster.Members.Any(member => _directory.ReplicaAt(member.EndPoint) == replicaId);

    private void Run(Func<CancellationToken, Task> part) => _running.Add(Task.Run(() => Fault.GuardAsync(() => part(_stop.Token), _stop.Token)));

    private void Close(Action close) => _closing.Push(() =>
    {
        close();
        return default;
    });

    private void Close(Func<ValueTask> close) => _closing.Push(close);
}
