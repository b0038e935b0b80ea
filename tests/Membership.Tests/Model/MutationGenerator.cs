using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Membership.Tests.Model;

/// <summary>Random commands with who asks, from small pools so that they collide.</summary>
internal sealed class MutationGenerator
{
    private static readonly string[] GoodNames = ["a", "net", "c-1", "0", "x9", "longer-name"];

    private static readonly string[] Names =
        ["a", "net", "-a", "a-", "", "backbone", "A", "a\n", "a b", new('n', 63), new('n', 64)];

    private static readonly string[] ExternalIds =
        ["alice", "Alice", "ALICE", "bob", "böb", "BÖB", "carol", "", new('e', 256), new('é', 129)];

    private static readonly string[] Tags = ["a", "b", "web-1", "0", "-a", "", "A", new('t', 32), new('t', 33)];

    private static readonly string[] Descriptions = ["", "lobby", "größe 🜁", "tab\there", new('d', 256), new('d', 257), "\u0085"];

    // How often each kind of mutation comes, by its number; each log multiplies them by numbers of its own.
    private static readonly int[] Weights =
        [1, 9, 2, 3, 5, 2, 6, 1, 3, 4, 4, 3, 6, 3, 5, 26, 3, 6, 9, 6, 3, 4, 26, 12, 3, 1];

    private readonly Chance _chance;
    private readonly MembershipModel _model;
    private readonly int[] _weights;
    private readonly PublicKey[] _keys = [.. Enumerable.Range(1, 18).Select(i => new PublicKey([.. Enumerable.Repeat((byte)i, 32)]))];

    public MutationGenerator(Chance chance, MembershipModel model)
    {
        _chance = chance;
        _model = model;
        _weights = [.. Weights.Select(weight => weight * chance.Pick(1, 2, 2, 2, 6))];
    }

    public (Actor Actor, Mutation Mutation) Next()
    {
        if (_model.LastNodeId < 4 && _chance.Percent(80)) return Registration();
        if (_model.LastNetworkId < 2 && _chance.Percent(60)) return Creation();
        return _chance.Weighted(_weights) switch
        {
            0 => (AnyActor(), new UnknownMutation()),
            1 => Registration(),
            2 => NodeCommand(node => new DeregisterNode(node)),
            3 => NodeCommand(node => new RotateNodeKey(node, _chance.Pick(_keys), Verdict(Code.KeyInvalid, Code.SignatureInvalid))),
            4 => (AdminMostly(), new SetExternalId(AnyNode(), _chance.Pick(ExternalIds))),
            5 => NodeCommand(node => new SetTaskExec(node, _chance.Percent(50))),
            6 => Creation(),
            7 => NetworkCommand((network, node) => new DeleteNetwork(network, node)),
            8 => NetworkCommand((network, node) => new RenameNetwork(network, AnyName(), node)),
            9 => (AdminMostly(), new SetNetworkEnterprise(AnyNetwork(), _chance.Percent(70))),
            10 => NetworkCommand((network, node) => new SetJoinRule(network, AnyRule(), AnyVerifier(60), node)),
            11 => NetworkCommand((network, node) => new SetNetworkAdminToken(network, AnyVerifier(80), node)),
            12 => NetworkCommand(Policy),
            13 => NetworkCommand((network, node) => new SetExprPolicy(network, Document(), Verdict(Code.ExprPolicyInvalid), node)),
            14 => (AdminMostly(), new SetRbacPreassignments(AnyNetwork(enterprise: true), AnyPreAssignments())),
            15 => Joining(),
            16 => Leaving(),
            17 => MemberCommand((network, target, node) => new KickMember(network, target, node)),
            18 => MemberCommand((network, target, node) => new PromoteMember(network, target, node)),
            19 => MemberCommand((network, target, node) => new DemoteMember(network, target, node)),
            20 => MemberCommand((network, target, node) => new TransferOwnership(network, target, node)),
            21 => MemberCommand((network, target, node) => new SetMemberTags(network, target, AnyTags(), node)),
            22 => Inviting(),
            23 => Answer(),
            24 => Revocation(),
            _ => (AnyActor(), new MalformedMutation()),
        };
    }

    private (Actor, Mutation) Registration()
    {
        var key = _chance.Pick(_keys);
        var actor = _chance.Percent(60) ? Actor.ForKey(_chance.Percent(95) ? key : _chance.Pick(_keys)) : AdminMostly();
        var hasExternalId = _chance.Percent(actor.IsAdmin ? 60 : 8);
        return (actor, new RegisterNode(key, hasExternalId ? _chance.Pick(ExternalIds) : null, Verdict(Code.KeyInvalid)));
    }

    private (Actor, Mutation) NodeCommand(Func<NodeId, Mutation> command)
    {
        var node = AnyNode();
        return (_chance.Percent(60) ? AsNode(node) : AnyActor(), command(node));
    }

    private (Actor, Mutation) Creation() => (AdminMostly(), new CreateNetwork
    {
        Creator = AnyNode(),
        Name = AnyName(),
        JoinRule = AnyRule(),
        JoinToken = AnyVerifier(70),
        AdminToken = AnyVerifier(50),
        Enterprise = _chance.Percent(75),
        Rules = _chance.Percent(15) ? Rules() : null,
        ExprPolicy = _chance.Percent(15) ? Document() : default,
        Verdict = Verdict(Code.RulesInvalid, Code.ExprPolicyInvalid),
    });

    private string AnyName() => _chance.Percent(85) ? _chance.Pick(GoodNames) : _chance.Pick(Names);

    private RuleSet Rules()
    {
        const long Minute = 60L * 1_000_000_000;
        var rules = new RuleSet(3, new("1m", Minute), 1, 2, PruneBy.Score, FillHow.Random, _chance.Percent(50) ? new("0", 0) : null);
        return _chance.Between(0, 9) switch
        {
            0 => rules with { Links = 0 },
            1 => rules with { Cycle = new("59s", Minute - 1) },
            2 => rules with { Prune = 4 },
            3 => rules with { Fill = 4 },
            4 => rules with { Grace = new("-1s", -1) },
            5 => rules with { PruneBy = (PruneBy)9 },
            _ => rules,
        };
    }

    private SetNetworkPolicy Policy(NetworkId network, NodeId? node) => new()
    {
        Network = network,
        Node = node,
        MaxMembers = _chance.Percent(55) ? _chance.Pick<uint>(0, 1, 2, 2, 3, 3, 4, 5, 10, 11) : null,
        AllowedPorts = _chance.Percent(30) ? AnyPorts() : null,
        Description = _chance.Percent(30) ? _chance.Pick(Descriptions) : null,
    };

    private ImmutableArray<uint> AnyPorts() =>
        [.. Enumerable.Range(0, _chance.Between(0, 5)).Select(_ => _chance.Pick<uint>(1, 80, 80, 443, 65535, 65535, 0, 65536))];

    private ImmutableArray<string> AnyTags() => _chance.Percent(5)
        ? [.. Enumerable.Repeat("a", 11)]
        : [.. Enumerable.Range(0, _chance.Between(0, 3)).Select(_ => _chance.Percent(85) ? Tags[_chance.Between(0, 3)] : _chance.Pick(Tags))];

    private ImmutableArray<PreAssignment> AnyPreAssignments() =>
    [
        .. Enumerable.Range(0, _chance.Percent(10) ? 4 : _chance.Between(0, 2)).Select(i => new PreAssignment(
            _chance.Percent(60) ? ExternalIds[2 * i % 8] : _chance.Pick(ExternalIds),
            _chance.Percent(6) ? _chance.Pick(Role.None, Role.Owner) : _chance.Pick(Role.Admin, Role.Member))),
    ];

    private byte[] Document() => _chance.Percent(15) ? [] : [.. Enumerable.Repeat((byte)_chance.Between(1, 3), _chance.Pick(1, 20, 64, 65))];

    private (Actor, Mutation) Joining()
    {
        var network = AnyNetwork();
        var joinable = _model.Networks.FindAll(held => held.JoinRule != JoinRule.Invite);
        if (joinable.Count > 0 && _chance.Percent(80)) network = new(_chance.Pick(joinable).Id);
        var node = AnyNode();
        if (_model.Network(network) is { } held && _chance.Percent(75))
        {
            var outsiders = _model.Nodes.FindAll(outsider => held.Member(outsider.Id) is null);
            if (outsiders.Count > 0) node = new(_chance.Pick(outsiders).Id);
        }

        var actor = _chance.Percent(70) ? AsNode(node) : AnyActor();
        return (actor, new JoinNetwork(node, network, Proof(network)));
    }

    private TokenProof? Proof(NetworkId network)
    {
        if (_chance.Percent(8) || _model.Network(network)?.JoinToken is not { } token) return null;
        return new TokenProof(
            _chance.Percent(95) ? token.Version : token.Version - 1,
            _chance.Percent(95) ? token.Verifier.Mac : new(_chance.Bytes(32)));
    }

    private (Actor, Mutation) Leaving()
    {
        var network = AnyNetwork();
        var node = _chance.Percent(4) ? NodeId.Nobody : MemberOf(network, 60);
        return (_chance.Percent(65) ? AsNode(node) : AnyActor(), new LeaveNetwork(node, network));
    }

    private (Actor, Mutation) NetworkCommand(Func<NetworkId, NodeId?, Mutation> command)
    {
        var network = AnyNetwork();
        var actor = ManagerOf(network);
        return (actor, command(network, Claim(actor)));
    }

    private (Actor, Mutation) MemberCommand(Func<NetworkId, NodeId, NodeId?, Mutation> command)
    {
        var network = AnyNetwork(enterprise: _chance.Percent(80));
        var actor = ManagerOf(network);
        return (actor, command(network, MemberOf(network, 85), Claim(actor)));
    }

    private (Actor, Mutation) Inviting()
    {
        var network = AnyNetwork();
        var byInvite = _model.Networks.FindAll(held => held.JoinRule == JoinRule.Invite);
        if (byInvite.Count > 0 && _chance.Percent(90)) network = new(_chance.Pick(byInvite).Id);
        var managers = _model.Network(network)?.Members.FindAll(member => member.Role != Role.Member);
        var inviter = managers is { Count: > 0 } && _chance.Percent(75) ? new(_chance.Pick(managers).Node) : AnyNode();
        var target = AnyNode();
        if (target == inviter && _chance.Percent(80)) target = AnyNode();
        if (_model.Invites.Count > 0 && _chance.Percent(15)) target = new(_chance.Pick(_model.Invites).Target);
        var held = _model.Invites.FindAll(invite => _model.Time - invite.CreatedAt > _model.Limits.InviteTtlMs);
        if (held.Count > 0 && _chance.Percent(40)) (network, target) = (new(held[0].Network), new(held[0].Target));
        var actor = _chance.Percent(70) ? AsNode(inviter) : _chance.Percent(60) ? ManagerOf(network) : AnyActor();
        return (actor, new InviteToNetwork(network, inviter, target));
    }

    private (Actor, Mutation) Answer()
    {
        if (_model.Invites.Count == 0 && _chance.Percent(80)) return Inviting();
        var (network, node) = AnyInvite(92);
        return (_chance.Percent(92) ? AsNode(node) : AnyActor(), new RespondInvite(node, network, _chance.Percent(75)));
    }

    private (Actor, Mutation) Revocation()
    {
        if (_model.Invites.Count == 0 && _chance.Percent(80)) return Inviting();
        var (network, target) = AnyInvite(80);
        var actor = ManagerOf(network);
        return (actor, new RevokeInvite(network, target, Claim(actor)));
    }

    private (NetworkId, NodeId) AnyInvite(int percent)
    {
        if (_model.Invites.Count == 0 || !_chance.Percent(percent)) return (AnyNetwork(), AnyNode());
        var invite = _chance.Pick(_model.Invites);
        return (new(invite.Network), new(invite.Target));
    }

    // Who asks.

    private Actor AdminMostly() => _chance.Percent(90) ? Actor.Admin((uint)_chance.Between(0, 2)) : AnyActor();

    private Actor AnyActor() => _chance.Between(0, 9) switch
    {
        < 3 => Actor.Admin((uint)_chance.Between(0, 2)),
        < 5 => AsTokenOf(AnyNetwork()),
        < 9 => AsNode(AnyNode()),
        _ => Actor.ForKey(_chance.Pick(_keys)),
    };

    /// <summary>A node with its present key, seldom another.</summary>
    private Actor AsNode(NodeId node)
    {
        ulong version = _model.Node(node)?.KeyVersion ?? 1;
        return Actor.ForNode(node, _chance.Percent(96) ? version : version - 1 + 2 * (ulong)_chance.Between(0, 1));
    }

    private Actor AsTokenOf(NetworkId network)
    {
        var version = _model.Network(network)?.AdminToken?.Version ?? 0;
        return Actor.NetworkAdmin(
            network, _chance.Percent(96) ? version : version + 1, _chance.Percent(70) ? Role.Admin : Role.Owner);
    }

    /// <summary>Somebody who may do much in this network, most of the time.</summary>
    private Actor ManagerOf(NetworkId network) => _chance.Between(0, 99) switch
    {
        < 20 => Actor.Admin(),
        < 40 => AsTokenOf(network),
        < 70 when _model.Network(network)?.Owner is { } owner => AsNode(new(owner.Node)),
        < 90 => AsNode(MemberOf(network, 95)),
        _ => AnyActor(),
    };

    /// <summary>The request's own <c>node_id</c>: mostly absent, mostly true.</summary>
    private NodeId? Claim(Actor actor) =>
        _chance.Percent(72) ? null : _chance.Percent(8) ? NodeId.Nobody : _chance.Percent(70) && actor.Kind == ActorKind.Node ? actor.Node : AnyNode();

    // About what.

    private NodeId AnyNode() => _chance.Between(0, 99) switch
    {
        < 3 => NodeId.Nobody,
        < 7 => new(_model.LastNodeId + (uint)_chance.Between(1, 2)),
        < 10 => new((uint)_chance.Between(1, (int)_model.LastNodeId + 1)),
        _ => _model.Nodes.Count == 0 ? new(1) : new(_chance.Pick(_model.Nodes).Id),
    };

    private NodeId MemberOf(NetworkId network, int percent) =>
        _model.Network(network) is { Members.Count: > 0 } held && _chance.Percent(percent)
            ? new(_chance.Pick(held.Members).Node)
            : AnyNode();

    private NetworkId AnyNetwork(bool enterprise = false)
    {
        var at = _chance.Between(0, 99);
        if (at < 3) return NetworkId.Backbone;
        if (at < 7) return new((ushort)_chance.Between(1, 6));
        var from = _model.Networks.FindAll(network => !enterprise || network.Enterprise);
        return from.Count == 0 ? new(1) : new(_chance.Pick(from).Id);
    }

    private JoinRule AnyRule() => _chance.Between(0, 99) switch
    {
        < 35 => JoinRule.Open,
        < 58 => JoinRule.Token,
        < 97 => JoinRule.Invite,
        _ => (JoinRule)_chance.Pick(0, 9),
    };

    private TokenVerifier? AnyVerifier(int percent)
    {
        if (!_chance.Percent(percent)) return null;
        var salt = Salt.FromBytes(_chance.Bytes(Salt.Length));
        return new(salt, new(SHA256.HashData(Encoding.ASCII.GetBytes($"{salt}"))));
    }

    private Code Verdict(Code first, Code second = Code.Ok) => _chance.Between(0, 99) switch
    {
        < 3 => first,
        < 6 => second,
        _ => Code.Ok,
    };
}
