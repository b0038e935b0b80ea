namespace Membership.Benchmarks.Core;

/// <summary>One network of many members.</summary>
internal sealed class MemberWorld : IScaleWorld
{
    private readonly World _world = new();
    private readonly NetworkId _network;
    private readonly List<NodeId> _guests;
    private readonly NodeId[] _members;
    private readonly Random _random = new(1);

    public MemberWorld(int members, int operations)
    {
        var owner = _world.Register(members + operations).Value;
        _network = _world.Create(new(owner), "large");
        _members = [.. Enumerable.Range(1, members - 1).Select(i => new NodeId(owner + (uint)i))];
        _guests = [.. Enumerable.Range(members, operations).Select(i => new NodeId(owner + (uint)i))];
        _world.Apply(_members.Select(node => new JoinNetwork(node, _network)));
    }

    public Dictionary<string, double> Measure()
    {
        _random.Shuffle(_members);
        var some = Enumerable.Range(0, _guests.Count).Select(i => _members[i % _members.Length]).Distinct().ToList();
        return new()
        {
            ["join_network"] = Time(_guests, node => new JoinNetwork(node, _network)),
            ["leave_network"] = Time(_guests, node => new LeaveNetwork(node, _network)),
            ["join_network (again)"] = Time(_guests, node => new JoinNetwork(node, _network)),
            ["kick_member"] = Time(_guests, node => new KickMember(_network, node)),
            ["promote_member"] = Time(some, node => new PromoteMember(_network, node)),
            ["demote_member"] = Time(some, node => new DemoteMember(_network, node)),
            ["set_member_tags"] = Time(some, node => new SetMemberTags(_network, node, [$"t{_random.Next()}"])),
        };
    }

    private double Time(List<NodeId> nodes, Func<NodeId, Mutation> make) =>
        _world.Apply(nodes.Select(make)).TotalMicroseconds / nodes.Count;
}

/// <summary>Many networks of one member.</summary>
internal sealed class NetworkWorld : IScaleWorld
{
    private readonly World _world = new();
    private readonly NodeId _owner;
    private readonly List<NodeId> _guests;
    private readonly int _operations;
    private readonly int _networks;
    private int _round;

    public NetworkWorld(int networks, int operations)
    {
        _networks = networks;
        _operations = operations;
        _owner = _world.Register(1 + operations);
        _guests = [.. Enumerable.Range(1, operations).Select(i => new NodeId(_owner.Value + (uint)i))];
        _world.Apply(Enumerable.Range(0, networks).Select(i => Create($"n{i}")));
    }

    public Dictionary<string, double> Measure()
    {
        _round++;
        var made = Enumerable.Range(0, Math.Min(_operations, ushort.MaxValue - _networks)).ToList();
        var random = new Random(_round);
        var targets = _guests.Select(guest => (guest, network: new NetworkId((ushort)(1 + random.Next(_networks))))).ToList();
        var firstId = 0;
        var results = new Dictionary<string, double>
        {
            ["create_network"] = Time(made.Select(i => (Mutation)Create($"r{_round}-{i}")).ToList()),
        };
        var ids = _world.State.Tables.NetworkNames;
        var created = made.Select(i => ids.TryGetValue(new($"r{_round}-{i}"), out var id) ? id : throw new InvalidOperationException()).ToList();
        results["rename_network"] = Time(created.Select(id => (Mutation)new RenameNetwork(id, $"x{_round}-{firstId++}")).ToList());
        results["delete_network"] = Time(created.Select(id => (Mutation)new DeleteNetwork(id)).ToList());
        results["join_network"] = Time(targets.Select(t => (Mutation)new JoinNetwork(t.guest, t.network)).ToList());
        results["leave_network"] = Time(targets.Select(t => (Mutation)new LeaveNetwork(t.guest, t.network)).ToList());
        return results;
    }

    private CreateNetwork Create(string name) => new() { Creator = _owner, Name = name };

    private double Time(List<Mutation> mutations) => _world.Apply(mutations).TotalMicroseconds / mutations.Count;
}

/// <summary>Many pending invites of others.</summary>
internal sealed class InviteWorld : IScaleWorld
{
    private const int InvitesOfTarget = 100;

    private readonly World _world = new();
    private readonly NetworkId _network;
    private readonly List<NodeId> _guests;

    public InviteWorld(int pending, int operations)
    {
        var targets = pending / InvitesOfTarget;
        var owner = _world.Register(1 + targets + InvitesOfTarget + operations).Value;
        var networks = Enumerable.Range(0, InvitesOfTarget)
            .Select(i => _world.Create(new(owner + 1 + (uint)(targets + i)), $"n{i}", JoinRule.Invite))
            .ToList();
        _world.Apply(
            from target in Enumerable.Range(1, targets)
            from i in Enumerable.Range(0, InvitesOfTarget)
            select (Mutation)new InviteToNetwork(
                networks[i], new(owner + 1 + (uint)(targets + i)), new(owner + (uint)target)));
        _network = _world.Create(new(owner), "mine", JoinRule.Invite);
        _guests = [.. Enumerable.Range(1 + targets + InvitesOfTarget, operations).Select(i => new NodeId(owner + (uint)i))];
        Owner = new(owner);
    }

    private NodeId Owner { get; }

    public Dictionary<string, double> Measure() => new()
    {
        ["invite_to_network"] = Time(node => (Actor.Admin(), new InviteToNetwork(_network, Owner, node))),
        ["revoke_invite"] = Time(node => (Actor.Admin(), new RevokeInvite(_network, node))),
        ["invite_to_network (again)"] = Time(node => (Actor.Admin(), new InviteToNetwork(_network, Owner, node))),
        ["respond_invite"] = Time(node => (Actor.ForNode(node), new RespondInvite(node, _network, Accept: true))),
        ["leave_network"] = Time(node => (Actor.Admin(), new LeaveNetwork(node, _network))),
    };

    private double Time(Func<NodeId, (Actor, Mutation)> make) =>
        _world.ApplyAs(_guests.Select(make)).TotalMicroseconds / _guests.Count;
}
