namespace Membership.Benchmarks.Load;

/// <summary>One client of a load. It owns a node, so it knows which change will be one.</summary>
internal sealed class MembershipCaller(NodeId node, int networks)
{
    private const int JoinedMax = 8;
    private const int ReadsPerMutation = 9;

    // Unseeded: that one is a tenth as large, and there are a thousand callers.
    private readonly Random _random = new();
    private readonly List<NetworkId> _joined = [];
    private readonly HashSet<NetworkId> _inDoubt = [];
    private int _turn;

    /// <summary>Carries out its next operation: null for a success.</summary>
    public ValueTask<string?> NextAsync(IMembershipTarget target, Operation operation) => operation switch
    {
        Operation.Mutations => MutateAsync(target),
        Operation.Mix when ++_turn % (ReadsPerMutation + 1) == 0 => MutateAsync(target),
        _ => target.ReadTagsAsync(node, AnyNetwork(), operation == Operation.StaleReads),
    };

    private ValueTask<string?> MutateAsync(IMembershipTarget target)
    {
        if (_joined.Count == 0 || (_joined.Count < JoinedMax && _random.Next(3) == 0)) return JoinAsync(target);
        var place = _random.Next(_joined.Count);
        if (_random.Next(2) == 0) return LeaveAsync(target, place);
        return target.SetTagsAsync(node, _joined[place], $"t{++_turn}");
    }

    private async ValueTask<string?> JoinAsync(IMembershipTarget target)
    {
        var network = AnyNetwork();
        while (_joined.Contains(network) || _inDoubt.Contains(network)) network = AnyNetwork();
        var failure = await target.JoinAsync(node, network);
        if (failure is null) _joined.Add(network);
        else Doubt(network);
        return failure;
    }

    private async ValueTask<string?> LeaveAsync(IMembershipTarget target, int place)
    {
        var network = _joined[place];
        _joined.RemoveAt(place);
        var failure = await target.LeaveAsync(node, network);
        if (failure is not null) Doubt(network);
        return failure;
    }

    // Nobody knows whether it happened: it is left alone, until too many are.
    private void Doubt(NetworkId network)
    {
        _inDoubt.Add(network);
        if (_inDoubt.Count > networks / 2) _inDoubt.Clear();
    }

    private NetworkId AnyNetwork() => new((ushort)(1 + _random.Next(networks)));
}
