using System.Threading.Channels;

namespace Membership.Replication.Proposals;

/// <summary>
/// Proposals that wait for an entry, in the order of their coming as long as one entry can hold them all. When it cannot, the networks take
/// turns, so that one from which very many come does not hold up the others; and of the last half of the room none gets more than half.
/// </summary>
/// <remarks>
/// Any thread may add, one takes. A group keeps its order. Which network a proposal is about is looked up only when it matters: reading it
/// costs about as much as applying does.
/// </remarks>
/// <param name="lengthMax">Proposals that may wait.</param>
/// <param name="limits">What an entry can hold.</param>
internal sealed class FairQueue(int lengthMax, Limits limits)
{
    // Small beside an entry, so that all get into each; large beside the cost of a turn.
    private const int TurnMax = 64;

    private readonly Channel<PendingProposal> _arrivals = Channel.CreateUnbounded<PendingProposal>(new() { SingleReader = true });
    private readonly Dictionary<NetworkId, Queue<PendingProposal>> _backlogs = [];
    private readonly Queue<NetworkId> _turns = [];
    private readonly Lock _sharing = new();
    private readonly Dictionary<NetworkId, int> _shares = [];
    private int _length;
    private long _bytes;

    /// <summary>Proposals that wait; for any thread.</summary>
    public int Length => Volatile.Read(ref _length);

    /// <summary>Whether nothing waits; for whoever takes.</summary>
    public bool IsEmpty => _turns.Count == 0 && !_arrivals.Reader.TryPeek(out _);

    /// <summary>Returns when something waits or nothing ever will; for whoever takes.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken token) => _turns.Count > 0 ? new(true) : _arrivals.Reader.WaitToReadAsync(token);

    /// <summary>Adds a group: as many of it as there is room for, from its beginning on.</summary>
    /// <returns>How many were added.</returns>
    public int Add(ReadOnlySpan<PendingProposal> group)
    {
        var count = 0;
        NetworkId? network = null;
        while (count < group.Length && TryTakeRoom(group[count], group[0], ref network)) count++;
        for (var i = 1; i < count; i++) group[i - 1].Behind = group[i];
        if (count == 0 || _arrivals.Writer.TryWrite(group[0])) return count;
        for (var i = 0; i < count; i++) GiveRoom(group[i]);
        return 0;
    }

    /// <summary>Adds no more from now on; what waits can still be taken.</summary>
    public void Complete() => _arrivals.Writer.TryComplete();

    /// <summary>Takes what the next entry is to hold.</summary>
    public List<PendingProposal> Take()
    {
        var taken = new List<PendingProposal>();
        var bytes = 0;
        if (_turns.Count == 0 && EntryFormat.Fits(Volatile.Read(ref _length), (int)Math.Min(int.MaxValue, Volatile.Read(ref _bytes)), limits))
        {
            // What arrives meanwhile may be too much after all: the rest then waits for its turn.
            while (_arrivals.Reader.TryRead(out var head)) if (TakeGroup(head, int.MaxValue, taken, ref bytes) is { } rest) LineUp(rest);
            return taken;
        }

        while (_arrivals.Reader.TryRead(out var head)) LineUp(head);
        while (_turns.TryPeek(out var network))
        {
            var before = taken.Count;
            var isFull = TakeTurn(_backlogs[network], taken, ref bytes);

            // Who got nothing keeps its turn: a proposal may be so large that it fits no entry but one that it begins.
            if (isFull && taken.Count == before) break;
            _turns.Dequeue();
            if (_backlogs[network].Count > 0) _turns.Enqueue(network);
            else _backlogs.Remove(network);
            if (isFull) break;
        }

        return taken;
    }

    // True when the entry holds no more.
    private bool TakeTurn(Queue<PendingProposal> backlog, List<PendingProposal> taken, ref int bytes)
    {
        var end = taken.Count + TurnMax;
        while (taken.Count < end && backlog.TryPeek(out var head))
        {
            var rest = TakeGroup(head, end, taken, ref bytes);
            if (rest is null) backlog.Dequeue();
            else Replace(backlog, rest);
            if (rest is not null && taken.Count < end) return true;
        }

        return false;
    }

    // What is left of the group when the list has as many as it may, or the entry is full.
    private PendingProposal? TakeGroup(PendingProposal head, int end, List<PendingProposal> taken, ref int bytes)
    {
        for (PendingProposal? next = head; next is not null; next = next.Behind)
        {
            if (taken.Count >= end || !EntryFormat.Fits(taken.Count + 1, bytes + next.Encoded.Length, limits)) return next;
            taken.Add(next);
            bytes += next.Encoded.Length;
            GiveRoom(next);
        }

        return null;
    }

    // The rest of a group stays ahead of what came after it.
    private static void Replace(Queue<PendingProposal> backlog, PendingProposal head)
    {
        if (backlog.Peek() == head) return;
        backlog.Dequeue();
        var count = backlog.Count;
        backlog.Enqueue(head);
        for (var i = 0; i < count; i++) backlog.Enqueue(backlog.Dequeue());
    }

    private void LineUp(PendingProposal head)
    {
        var network = head.Share ?? Proposal.NetworkOf(head.Encoded);
        if (!_backlogs.TryGetValue(network, out var backlog))
        {
            _backlogs.Add(network, backlog = []);
            _turns.Enqueue(network);
        }

        backlog.Enqueue(head);
    }

    private bool TryTakeRoom(PendingProposal proposal, PendingProposal head, ref NetworkId? network)
    {
        var length = Interlocked.Increment(ref _length);
        if (length <= lengthMax && (length <= lengthMax / 2 || lengthMax < 4 || TryTakeShare(proposal, network ??= Proposal.NetworkOf(head.Encoded))))
        {
            Interlocked.Add(ref _bytes, proposal.Encoded.Length);
            return true;
        }

        Interlocked.Decrement(ref _length);
        return false;
    }

    private bool TryTakeShare(PendingProposal proposal, NetworkId network)
    {
        lock (_sharing)
        {
            _shares.TryGetValue(network, out var share);
            if (share >= lengthMax / 4) return false;
            _shares[network] = share + 1;
            proposal.Share = network;
            return true;
        }
    }

    private void GiveRoom(PendingProposal proposal)
    {
        Interlocked.Decrement(ref _length);
        Interlocked.Add(ref _bytes, -proposal.Encoded.Length);
        if (proposal.Share is not { } network) return;
        lock (_sharing)
        {
            if (--_shares[network] == 0) _shares.Remove(network);
        }
    }
}
