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
using Membership.State;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Hosting;

/// <summary>The parts of a running replica and the order in which they open and close.</summary>
internal sealed class ReplicaEngine : IAsyncDisposable
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
    private readonly PeerSet _peers;
    private readonly PeerService _service;
    private readonly Action<AppliedEntry> _applied;
    private StateMachineHost _host = null!;
    private ClockAgreement _clock = null!;
    private SnapshotInstaller _installer = null!;
    private ConfigurationStorage _configuration = null!;
    private Admission _admission = null!;
    private DurableLog _log = null!;
    private ReplicaCluster _cluster = null!;

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
        _peers = new(options, _self, time, loggers);
        _service = new(_self, folder.HasLog, time);
        Close(_fence.Dispose);
        Close(folder.Dispose);
        Close(_peers.DisposeAsync);
    }

    /// <summary>The state.</summary>
    public MembershipStore Store { get; }

    /// <summary>The snapshot files.</summary>
    public SnapshotStore Snapshots { get; private set; } = null!;

    /// <summary>What stopped the replica, if something has.</summary>
    public FaultSignal Fault { get; }

    /// <summary>This replica's leaderships.</summary>
    public LeadershipLoop Leadership { get; private set; } = null!;

    /// <summary>Confirms reads.</summary>
    public ReadBarrier Reads { get; private set; } = null!;

    /// <summary>Changes the voters.</summary>
    public ClusterChanges Changes { get; private set; } = null!;

    /// <summary>Brings proposals to the leader.</summary>
    public ProposalRouter Proposals { get; private set; } = null!;

    /// <summary>The leader's replica id, as far as this replica knows.</summary>
    public string? LeaderId => _cluster.LeaderEndPoint is { } endPoint ? _options.ReplicaAt(endPoint) : null;

    /// <summary>What it says of itself to its users.</summary>
    public ReplicaStatus Status
    {
        get
        {
            var state = Store.Summary;
            return new()
            {
                ClusterId = _options.ClusterId,
                ReplicaId = _options.ReplicaId,
                Role = Role,
                Leader = LeaderId,
                Term = ((IPersistentState)_log).Term,
                LastIndex = _log.LastEntryIndex,
                CommitIndex = _log.LastCommittedEntryIndex,
                AppliedIndex = _log.LastAppliedIndex,
                Revision = state.Revision,
                Digest = state.Digest,
                StateVersion = state.Version,
                ClusterTime = state.ClusterTime,
                SnapshotIndex = Snapshots.Newest?.Index ?? 0,
                LastFlush = _log.LastFlush,
                HasClockSkew = _clock.HasSkew,
                Fault = Fault.Current,
            };
        }
    }

    // A new voter is caught up within so many rounds, and a round carries one cut of the log, which may be three snapshots long.
    private int WarmupRounds => 16 + (int)(3 * _options.SnapshotBytes / DurableLog.ReplicationCutBytes);

    private ReplicaRole Role => this switch
    {
        _ when Fault.Current is not null => ReplicaRole.Stopped,
        _ when _cluster.IsLeading => ReplicaRole.Leader,
        _ when _cluster.IsVoter => ReplicaRole.Follower,
        _ => ReplicaRole.Standby,
    };

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

    /// <summary>What it says of itself to its peers.</summary>
    public async ValueTask<PeerStatus> GetPeerStatusAsync(CancellationToken token)
    {
        var state = Store.Summary;
        return new()
        {
            ReplicaId = _options.ReplicaId,
            Incarnation = _self.Incarnation,
            IsLeader = _cluster.IsLeading,
            Leader = LeaderId,
            Term = ((IPersistentState)_log).Term,
            LastIndex = _log.LastEntryIndex,
            CommitIndex = _log.LastCommittedEntryIndex,
            AppliedIndex = _log.LastAppliedIndex,
            ConfigurationIndex = await _configuration.ReadVersionAsync(token),
            IsFetchingSnapshot = _installer.IsFetching,
            InstalledSnapshotIndex = _installer.TakenIndex,
            Revision = state.Revision,
            Digest = state.Digest.ToArray(),
            Fault = Fault.Current?.Code,
        };
    }

    /// <summary>
    /// The cluster goes on without this replica, if it holds itself for a voter by an older configuration. A replica that waits to be added
    /// has no vote to lose.
    /// </summary>
    public async ValueTask OnRemovedAsync(RemovedNotice notice, CancellationToken token)
    {
        if (!_cluster.IsVoter || await _configuration.ReadVersionAsync(token) >= notice.ConfigurationIndex) return;
        Fault.Raise(new(ReplicaFaultKind.Removed, $"The cluster removed this replica at index {notice.ConfigurationIndex}."));
    }

    /// <summary>The leader is about to add this replica. False when it holds itself for a voter: it was removed and must be wiped first.</summary>
    public bool Admit(AdmissionNotice notice)
    {
        if (_cluster.IsVoter) return false;
        _admission.Admit(notice.ConfigurationIndex);
        return true;
    }

    /// <summary>Stops in the order that the package needs: cluster, log, state machine; then whatever else is open.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested) return;
        await _fence.CancelAsync();
        await _stop.CancelAsync();
        _service.Close();
        await Task.WhenAll(_running);
        while (_closing.TryPop(out var close)) await CloseAsync(close);
        _stop.Dispose();
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
        await new Founding(_folder, _options, _logger).CompleteAsync(_self.Incarnation, IsClusterAliveAsync, token);
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
        var transfer = new SnapshotTransfer(Snapshots, _loggers.CreateLogger<SnapshotTransfer>());
        Close(transfer.Dispose);
        _installer = new(transfer, SourcesOf, _logger);
        Close(_installer.DisposeAsync);
        var keeper = new SnapshotKeeper(Store, Snapshots, _options.SnapshotBytes, ReplicaAddress.ToText(_options.Self.PeerEndPoint), Fault);
        Close(keeper.FinishAsync);
        _host = new(Store, Snapshots, keeper, _installer, _applied, Fault, _logger);
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
        _configuration = new(_folder.ConfigurationFile);
        Close(_configuration.Dispose);
        _admission = new(_configuration, _folder.AdmissionFile, isFounder: _folder.Meta!.Founders is not null);
        _log = DurableLog.Open(_folder.LogPath, _host, _time);
        Close(_log.DisposeAsync);
        _folder.NoteLogBegun();
    }

    private async Task OpenClusterAsync(CancellationToken token)
    {
        var handshake = new RaftHandshake(_self, _options.Tls, _options.ReplicaAt, _options.LinkFaults);
        var connections = new RaftConnectionFactory(handshake, _loggers);
        Close(connections.Dispose);
        var configuration = new RaftCluster.CustomTransportConfiguration(
            _options.Self.RaftEndPoint, new RaftListenerFactory(_options.RaftListen, handshake, _loggers), connections)
        {
            ConfigurationStorage = _admission,
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

        // Once before the first leadership: a wrong clock is to propose nothing.
        await _clock.CompareAsync(token);
        Run(_clock.RunAsync);
        Run(new StandstillWatch(_cluster, _log, _peers, IsVoter, _time, _logger).RunAsync);
        Changes = new(_cluster, _configuration, _peers, _options, _logger);
        Run(Leadership.RunAsync);
        Run(Changes.RunAsync);
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

    private bool IsVoter(string replicaId) => _cluster.Members.Any(member => _options.ReplicaAt(member.EndPoint) == replicaId);

    private void Run(Func<CancellationToken, Task> part) => _running.Add(Task.Run(() => Fault.GuardAsync(() => part(_stop.Token), _stop.Token)));

    private void Close(Action close) => _closing.Push(() =>
    {
        close();
        return default;
    });

    private void Close(Func<ValueTask> close) => _closing.Push(close);
}
