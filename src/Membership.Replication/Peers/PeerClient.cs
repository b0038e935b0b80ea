using Membership.Replication.Configuration;
using Membership.Replication.Snapshots;
using Membership.Replication.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StreamJsonRpc;

namespace Membership.Replication.Peers;

/// <summary>
/// Calls one peer. There is one connection for all calls at a time; it is made when a call needs it, and after a failure not before
/// the back-off is over: until then calls fail at once.
/// </summary>
/// <remarks>Thread-safe. Calls run side by side and overtake one another.</remarks>
internal sealed class PeerClient : ISnapshotSource, IAsyncDisposable
{
    private readonly PeerIdentity _self;
    private readonly ReplicaTls? _tls;
    private readonly PeerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _calls;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private Task<PeerConnection>? _connection;
    private int _attempts;
    private long _attemptAt;

    /// <summary>Connects to nobody yet.</summary>
    /// <param name="peer">Whom to call.</param>
    /// <param name="self">Who calls.</param>
    /// <param name="tls">Null for none.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="time">Null for the system's.</param>
    /// <param name="logger">Null for none.</param>
    public PeerClient(
        PeerAddress peer,
        PeerIdentity self,
        ReplicaTls? tls = null,
        PeerOptions? options = null,
        TimeProvider? time = null,
        ILogger? logger = null)
    {
        Address = peer;
        _self = self;
        _tls = tls;
        _options = options ?? new();
        _time = time ?? TimeProvider.System;
        _logger = logger ?? NullLogger.Instance;
        _calls = new(_options.CallsMax);
    }

    /// <summary>Whom it calls.</summary>
    public PeerAddress Address { get; }

    /// <summary>Who answered at the last connection, its incarnation included; null before the first.</summary>
    public PeerIdentity? Peer { get; private set; }

    /// <summary>Whether there is an open connection, as far as is known.</summary>
    public bool IsConnected
    {
        get
        {
            lock (_gate) return _connection is { IsCompletedSuccessfully: true } open && open.Result.IsOpen;
        }
    }

    string ISnapshotSource.Name => Address.ToString();

    /// <summary>Forwards a batch, all of it one group, for the peer to propose.</summary>
    /// <inheritdoc cref="ForwardAsync(IReadOnlyList{ReadOnlyMemory{byte}}, IReadOnlyList{int}, TimeSpan, CancellationToken)"/>
    public Task<ForwardResult> ForwardAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> proposals, TimeSpan deadline, CancellationToken cancellationToken = default) =>
        ForwardAsync(proposals, [proposals.Count], deadline, cancellationToken);

    /// <summary>Forwards a batch for the peer to propose.</summary>
    /// <param name="proposals">Such that <see cref="ProposalBatch.Fits"/> holds.</param>
    /// <param name="groups">The lengths of its groups, such that <see cref="ProposalBatch.HasGroups"/> holds.</param>
    /// <param name="deadline">How long to wait for the answer, above 0 and at most a minute.</param>
    /// <param name="cancellationToken">Ends the wait; what was sent stays sent.</param>
    /// <returns>Never an exception for what happens on the way: <see cref="ForwardVerdict"/> tells whether anything may have happened.</returns>
    /// <exception cref="ArgumentException">The batch or the deadline is out of bounds.</exception>
    public async Task<ForwardResult> ForwardAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> proposals, IReadOnlyList<int> groups, TimeSpan deadline, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(proposals);
        ArgumentOutOfRangeException.ThrowIfLessThan(deadline, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(deadline.TotalMilliseconds, PeerEndpoint.DeadlineMsMax);
        if (!ProposalBatch.Fits(proposals.Count, proposals.Sum(static p => (long)p.Length)))
            throw new ArgumentException("The batch is empty or too large.", nameof(proposals));
        if (!ProposalBatch.HasGroups(proposals.Count, groups)) throw new ArgumentException("They are not of this batch.", nameof(groups));
        if (!_calls.Wait(0, CancellationToken.None)) return ForwardResult.Refused($"{_options.CallsMax} calls under way to {Address}");
        try
        {
            PeerConnection connection;
            try
            {
                connection = await ConnectAsync(cancellationToken).WaitAsync(deadline, _time, cancellationToken);
            }
            catch (Exception e) when (e is PeerUnavailableException or TimeoutException or OperationCanceledException)
            {
                return ForwardResult.Refused($"not sent: {e.Message}");
            }

            return await SendAsync(connection, proposals, groups, deadline, cancellationToken);
        }
        finally
        {
            _calls.Release();
        }
    }

    /// <summary>Asks for an index that a majority confirmed after the call began.</summary>
    /// <exception cref="PeerUnavailableException">No answer.</exception>
    public Task<ReadIndexResult> ConfirmReadIndexAsync(CancellationToken cancellationToken = default) =>
        AskAsync(static (peer, token) => peer.ConfirmReadIndexAsync(token), cancellationToken);

    /// <summary>Asks what the peer says of itself.</summary>
    /// <exception cref="PeerUnavailableException">No answer.</exception>
    public Task<PeerStatus> GetStatusAsync(CancellationToken cancellationToken = default) =>
        AskAsync(static (peer, token) => peer.GetStatusAsync(token), cancellationToken);

    /// <summary>Asks for the peer's wall clock, Unix ms.</summary>
    /// <exception cref="PeerUnavailableException">No answer.</exception>
    public Task<long> GetClockAsync(CancellationToken cancellationToken = default) =>
        AskAsync(static (peer, token) => peer.GetClockAsync(token), cancellationToken);

    /// <summary>Asks whether the peer holds a snapshot; if so it keeps it for a while.</summary>
    /// <exception cref="PeerUnavailableException">No answer.</exception>
    public Task<bool> HasSnapshotAsync(SnapshotHash hash, CancellationToken cancellationToken = default) =>
        AskAsync((peer, token) => peer.HasSnapshotAsync(hash.ToArray(), token), cancellationToken);

    /// <summary>Reads from a snapshot that the peer holds.</summary>
    /// <param name="hash">Which one.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">1 byte to 1 MiB.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The bytes, fewer at the end of the file; null when the peer does not hold it.</returns>
    /// <exception cref="PeerUnavailableException">No answer.</exception>
    public async Task<ReadOnlyMemory<byte>?> ReadSnapshotChunkAsync(
        SnapshotHash hash, long offset, int length, CancellationToken cancellationToken = default)
    {
        var chunk = await AskAsync(
            (peer, token) => peer.ReadSnapshotChunkAsync(hash.ToArray(), offset, length, token), cancellationToken);
        return chunk?.Length <= length || chunk is null
            ? chunk
            : throw new PeerUnavailableException($"{Address} sent more than was asked for");
    }

    /// <summary>Asks the peer, which must lead, for a change of the cluster.</summary>
    /// <exception cref="PeerUnavailableException">No answer: ask again.</exception>
    public Task<ClusterChangeAnswer> ChangeClusterAsync(ClusterChange change, CancellationToken cancellationToken = default) =>
        AskAsync((peer, token) => peer.ChangeClusterAsync(change, token), cancellationToken);

    /// <summary>Tells the peer who listens where, and asks what it knows.</summary>
    /// <exception cref="PeerUnavailableException">No answer.</exception>
    public Task<string[]> ExchangeReplicasAsync(string[] known, CancellationToken cancellationToken = default) =>
        AskAsync((peer, token) => peer.ExchangeReplicasAsync(known, token), cancellationToken);

    /// <summary>Tells the peer who is to lead next.</summary>
    /// <returns>False when it cannot do its part.</returns>
    /// <exception cref="PeerUnavailableException">No answer.</exception>
    public Task<bool> HandOverAsync(HandOverNotice notice, CancellationToken cancellationToken = default) =>
        AskAsync((peer, token) => peer.HandOverAsync(notice, token), cancellationToken);

    /// <summary>Tells the peer that it was removed.</summary>
    /// <exception cref="PeerUnavailableException">No answer: tell it again later.</exception>
    public Task NotifyRemovedAsync(RemovedNotice notice, CancellationToken cancellationToken = default) =>
        AskAsync(
            async (peer, token) =>
            {
                await peer.NotifyRemovedAsync(notice, token);
                return true;
            },
            cancellationToken);

    /// <summary>Tells the peer that it is about to be added.</summary>
    /// <returns>False when it must not be.</returns>
    /// <exception cref="PeerUnavailableException">No answer.</exception>
    public Task<bool> AdmitAsync(VoteOffer offer, CancellationToken cancellationToken = default) =>
        AskAsync((peer, token) => peer.AdmitAsync(offer, token), cancellationToken);

    /// <summary>Asks for the peer's own digests at the checkpoints of late.</summary>
    /// <exception cref="PeerUnavailableException">No answer.</exception>
    public Task<PeerCheckpoint[]> GetCheckpointsAsync(CancellationToken cancellationToken = default) =>
        AskAsync(static (peer, token) => peer.GetCheckpointsAsync(token), cancellationToken);

    /// <summary>Asks the peer for a new checkpoint, should it lead.</summary>
    /// <exception cref="PeerUnavailableException">No answer.</exception>
    public Task<bool> RequestCheckpointAsync(CancellationToken cancellationToken = default) =>
        AskAsync(static (peer, token) => peer.RequestCheckpointAsync(token), cancellationToken);

    /// <summary>Asks the peer for a snapshot that is not older than this index; null when it has none to give.</summary>
    /// <exception cref="PeerUnavailableException">No answer.</exception>
    /// <exception cref="InvalidDataException">The answer is no pointer to a snapshot.</exception>
    /// <exception cref="UnsupportedFormatException">A newer version of the library answered.</exception>
    public async Task<SnapshotPointer?> OfferSnapshotAsync(long index, CancellationToken cancellationToken = default) =>
        await AskAsync((peer, token) => peer.OfferSnapshotAsync(index, token), cancellationToken) is { } pointer
            ? SnapshotPointer.Decode(new(pointer))
            : null;

    /// <summary>Closes the connection; calls under way end as if it broke.</summary>
    public async ValueTask DisposeAsync()
    {
        Task<PeerConnection>? connection;
        lock (_gate)
        {
            if (_stop.IsCancellationRequested) return;
            connection = _connection;
            _stop.Cancel();
        }

        if (connection is null) return;
        await ((Task)connection).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (connection.IsCompletedSuccessfully) (await connection).Dispose();
    }

    private async Task<ForwardResult> SendAsync(
        PeerConnection connection,
        IReadOnlyList<ReadOnlyMemory<byte>> proposals,
        IReadOnlyList<int> groups,
        TimeSpan deadline,
        CancellationToken cancellationToken)
    {
        try
        {
            var answer = await CallAsync(connection, ProposalBatch.Write(proposals), groups, (int)deadline.TotalMilliseconds)
                .WaitAsync(deadline + _options.ForwardGrace, _time, cancellationToken);
            NoteAnswer();
            return ForwardResultFormat.Read(answer, proposals.Count);
        }
        catch (Exception e)
        {
            // From here on a byte of it may have arrived, so whatever went wrong, the peer may have proposed it.
            if (e is TimeoutException) connection.Dispose();
            return ForwardResult.Unknown($"{Address}: {e.Message}");
        }
    }

    private static async Task<byte[]> CallAsync(PeerConnection connection, byte[] batch, IReadOnlyList<int> groups, int deadlineMs)
    {
        if (groups.Count > 1 && connection.TakesGroups)
        {
            try
            {
                return await connection.Calls.ForwardGroupsAsync(batch, [.. groups], deadlineMs);
            }
            catch (RemoteMethodNotFoundException)
            {
                // An older replica, during an upgrade. It did nothing, and is told without the groups; the next connection is asked anew.
                connection.TakesGroups = false;
            }
        }

        return await connection.Calls.ForwardAsync(batch, deadlineMs);
    }

    private async Task<T> AskAsync<T>(Func<IPeerContract, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        if (!_calls.Wait(0, CancellationToken.None))
            throw new PeerUnavailableException($"{_options.CallsMax} calls under way to {Address}");
        try
        {
            var connection = await ConnectAsync(cancellationToken);
            return await AskAsync(connection, ask, cancellationToken);
        }
        finally
        {
            _calls.Release();
        }
    }

    private async Task<T> AskAsync<T>(
        PeerConnection connection, Func<IPeerContract, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await ask(connection.Calls, cancellationToken).WaitAsync(_options.CallTimeout, _time, cancellationToken);
            NoteAnswer();
            return answer;
        }
        catch (TimeoutException e)
        {
            connection.Dispose();
            throw new PeerUnavailableException($"{Address} did not answer within {_options.CallTimeout.TotalSeconds:0.###} s", e);
        }
        catch (Exception e) when (e is RemoteRpcException or IOException or ObjectDisposedException)
        {
            throw new PeerUnavailableException($"{Address}: {e.Message}", e);
        }
    }

    private Task<PeerConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_stop.IsCancellationRequested) throw new PeerUnavailableException("this replica is stopping");
            if (_connection is { IsCompleted: false } opening) return opening.WaitAsync(cancellationToken);
            if (_connection is { IsCompletedSuccessfully: true } open && open.Result.IsOpen) return open;
            if (_time.GetTimestamp() < _attemptAt)
                throw new PeerUnavailableException($"{Address} cannot be reached", _connection?.Exception?.InnerException);

            // Every attempt counts as failed until a call is answered: a peer that takes connections and drops them is no better.
            _attemptAt = _time.GetTimestamp() + TicksOf(BackOff(_attempts++));
            return (_connection = Task.Run(OpenAsync, CancellationToken.None)).WaitAsync(cancellationToken);
        }
    }

    private async Task<PeerConnection> OpenAsync()
    {
        try
        {
            var connection = await PeerConnection.OpenAsync(Address, _self, _tls, _options, _stop.Token);
            Peer = connection.Peer;
            return connection;
        }
        catch (Exception e)
        {
            var problem = e is OperationCanceledException ? "no connection in time" : e.Message;
            _logger.PeerUnreachable(Address, problem);
            throw new PeerUnavailableException($"{Address} cannot be reached: {problem}", e);
        }
    }

    private void NoteAnswer()
    {
        lock (_gate)
        {
            _attempts = 0;
            _attemptAt = 0;
        }
    }

    private TimeSpan BackOff(int attempts)
    {
        var full = Math.Min(_options.BackOffMin.TotalMilliseconds * Math.Pow(2, attempts), _options.BackOffMax.TotalMilliseconds);
        // Spread, so that peers of one that comes back do not all come at once.
        return TimeSpan.FromMilliseconds(full * (0.5 + 0.5 * Random.Shared.NextDouble()));
    }

    private long TicksOf(TimeSpan time) => (long)(time.TotalSeconds * _time.TimestampFrequency);
}
