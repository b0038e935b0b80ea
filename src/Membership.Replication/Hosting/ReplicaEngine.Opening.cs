using DotNext.Net.Cluster.Consensus.Raft;
using Membership.Replication.Birth;
using Membership.Replication.Divergence;
using Membership.Replication.Faults;
using Membership.Replication.Leadership;
using Membership.Replication.Log;
using Membership.Replication.Peers;
using Membership.Replication.Proposals;
using Membership.Replication.Snapshots;
using Membership.Replication.Telemetry;
using Membership.Replication.Transport;
using Membership.Replication.Versions;
using Membership.State;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Hosting;

// The parts, in the order in which they open.
internal sealed partial class ReplicaEngine
{
    // A new voter is caught up within so many rounds, and a round carries one cut of the log, which may be three snapshots long.
    private int WarmupRounds => 16 + (int)(3 * _options.SnapshotBytes / DurableLog.ReplicationCutBytes);

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
        Snapshots = new(_folder.SnapshotPath, _options.ClusterId, _options.Limits, _time, _loggers.CreateLogger<SnapshotStore>(), _meter);
        Close(Snapshots.Dispose);
        var load = LoadSnapshot();
        if (load.IsLost) throw new SnapshotsLostException(load.Faults);
        if (load.Snapshot is { } snapshot) Store.ReplaceState(snapshot.State);
        Checkpoints = new(_options, Store.Summary, Fence, _time, _logger);
        Events = new(Store.Summary.Revision, _options.WatchEventsMax, _options.WatchBytesMax, () => Fence.Current);
        Fence.Raised += Events.Wake;
        _fence.Token.Register(Events.Close);
        _snapshotTransfer = new(Snapshots, _loggers.CreateLogger<SnapshotTransfer>(), _meter);
        Close(_snapshotTransfer.Dispose);
        _installer = new(_snapshotTransfer, SourcesOf, _logger);
        Close(_installer.DisposeAsync);
        Keeper = new(Store, Snapshots, _options.SnapshotBytes, _sender, Fault);
        Close(Keeper.FinishAsync);
        _host = new(Store, Snapshots, Keeper, _installer, Fence, Checkpoints, ReplaceState, OnApplied, Fault, _logger);
    }

    // Whoever points to it first: it keeps the file for that.
    private IReadOnlyList<ISnapshotSource> SourcesOf(SnapshotPointer pointer) =>
        [.. _peers.All.OrderBy(peer => ReplicaAddress.ToText(peer.Address.EndPoint) != pointer.Sender)];

    private void OpenLog()
    {
        _configuration = new(_folder.ConfigurationFile, _directory);
        Close(_configuration.Dispose);
        _voteGate = new(_configuration, _folder.AdmissionFile, isFounder: _folder.Meta!.Founders is not null);
        var host = new MeasuredStateMachine(_host, _meter.Applied.Duration);
        var faults = _options.DiskFaults;
        _log = DurableLog.Open(
            _folder.LogPath, host, _time, faults is null ? null : faults.BeforeWrite, took => _meter.FsyncDuration.Record(took.TotalSeconds));
        CommitIndexAtStart = _log.LastCommittedEntryIndex;
        _meter.Applied.CountFrom(CommitIndexAtStart);
        Close(_log.DisposeAsync);
        _folder.NoteLogBegun();
    }

    private async Task OpenClusterAsync(CancellationToken token)
    {
        var handshake = new RaftHandshake(_self, _options.Tls, _directory.ReplicaAt, _options.LinkFaults);
        var connections = new RaftConnectionFactory(handshake, to => _cluster.IsGone(to), _options.RequestTimeout, _loggers);
        Close(connections.DisposeAsync);
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
            LoggerFactory = new PackageLoggers(_loggers, _time),
        };
        await BeginOwnTermAsync(token);
        _sight = new(() => _cluster.PresentLeader, 2 * TimeSpan.FromMilliseconds(_options.ElectionTimeoutMaxMs), _time, _fence.Token);
        Close(_sight.Dispose);
        _followers = new(_time);
        _cluster = new(configuration) { AuditTrail = _log, FailureDetectorFactory = (_, follower) => _followers.Begin(follower.EndPoint) };
        Close(_cluster.DisposeAsync);
        _cluster.LeaderChanged += (_, _) => _sight.Look();
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
        _candidacy = new(_cluster);
        Close(_candidacy.Dispose);
        _clock = new(_cluster, _peers, IsVoter, _candidacy, _options, _time, _logger);
        var upgrade = new VersionUpgrade(_cluster, _peers, Store, _options.Limits, IsVoter, _logger);
        var own = new LeaderEntries(Store, upgrade, Checkpoints);
        Leadership = new(
            _cluster, _log, (epoch, clock) => new(_cluster, epoch, clock, own, _options, _time, _meter), MayLeadAsync, _sight.Look, _time, _logger);
        Reads = new(_cluster, _log, _peers, () => LeaderId, _sight, Fence, _options, _fence.Token);
        var forwarder = new LeaderForwarder(_peers, () => LeaderId, _sight, _options.ForwardLimit);
        Proposals = new(Leadership, forwarder, _sight, Fence, _options.Limits, _options.RequestLimit, _fence.Token);
        Close(Proposals.Dispose);

        // Once before the first leadership: a wrong clock is to propose nothing.
        await _clock.CompareAsync(token);
        Run(_clock.RunAsync);
        Run(upgrade.RunAsync);
        Run(new QuorumWatch(_cluster, _followers, _options, _time, _logger).RunAsync);
        Run(NewDivergenceWatch().RunAsync);
        Run(new StandstillWatch(_cluster, _log, _peers, IsVoter, _time, _logger).RunAsync);
        OpenChanges();
        Run(Leadership.RunAsync);
        Run(_news.RunAsync);
        Run(new DiskWatch(_log, _options, Fault, _time).RunAsync);
        Run(StopAtFaultAsync);
    }

    private void OpenChanges()
    {
        Elections = new(_cluster, _log, _candidacy, _options, _logger);
        var transfer = new LeadershipTransfer(_cluster, _log, Leadership, Elections, _peers, _directory, _options, _logger);
        Changes = new(_cluster, _configuration, _directory, _peers, _log, transfer, BeginBehindSnapshot, _logger, _stop.Token);
        ChangeRouter = new(Changes, _cluster, _peers, () => LeaderId, _options.RequestLimit, _fence.Token);
        Report = new(_configuration, _directory, _peers, GetPeerStatusAsync);
        _news = new(_cluster, _configuration, _directory, _peers);
    }

    private void BeginBehindSnapshot()
    {
        if (_log.LastEntryIndex == Snapshots.Published?.Index) Checkpoints.Request();
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
        _logger.SetAside(lost.Message, aside);
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
}
