using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Membership.State;

namespace Membership.Tests.Scenarios;

/// <summary>Makes a mutation of a command line, as a replica makes one of a request against its present state.</summary>
internal sealed class MutationParser(ScenarioNames names, ScenarioTokens tokens)
{
    public static readonly IReadOnlyDictionary<string, MutationKind> Commands =
        Enum.GetValues<MutationKind>().ToDictionary(kind => kind.ToText());

    /// <summary>Reads the arguments of the command.</summary>
    /// <param name="command">Its name.</param>
    /// <param name="a">What follows the name.</param>
    /// <param name="actor">Who asks: in whose name an invite goes when nothing else is said.</param>
    /// <param name="state">The state that the replica sees when it proposes; a proof is made against its verifier.</param>
    public Mutation Parse(string command, Arguments a, Actor actor, MembershipState state)
    {
        if (!Commands.TryGetValue(command, out var kind))
            throw new ScenarioException($"there is no command '{command}'; there are {string.Join(", ", Commands.Keys)}");

        var mutation = Parse(kind, a, actor, state);
        a.End();
        return mutation;
    }

    private Mutation Parse(MutationKind kind, Arguments a, Actor actor, MembershipState state) => kind switch
    {
        MutationKind.RegisterNode => new RegisterNode(names.Key(a.Next("the key")), a.Named("external_id"), Verdict(a)),
        MutationKind.DeregisterNode => new DeregisterNode(Node(a)),
        MutationKind.RotateNodeKey => new RotateNodeKey(Node(a), names.Key(a.Next("the new key")), Verdict(a)),
        MutationKind.SetExternalId => new SetExternalId(Node(a), a.Next("the external id")),
        MutationKind.SetTaskExec => new SetTaskExec(Node(a), a.Choice("on", "off")),
        MutationKind.CreateNetwork => CreateNetwork(a),
        MutationKind.DeleteNetwork => new DeleteNetwork(Network(a), Claimed(a)),
        MutationKind.RenameNetwork => new RenameNetwork(Network(a), a.Next("the new name"), Claimed(a)),
        MutationKind.SetNetworkEnterprise => new SetNetworkEnterprise(Network(a), a.Choice("on", "off")),
        MutationKind.SetJoinRule => new SetJoinRule(Network(a), Rule(a.Next("the rule")), Verifier(a, "token"), Claimed(a)),
        MutationKind.SetNetworkAdminToken => new SetNetworkAdminToken(Network(a), Verifier(a, "token"), Claimed(a)),
        MutationKind.SetNetworkPolicy => SetNetworkPolicy(a),
        MutationKind.SetExprPolicy => new SetExprPolicy(Network(a), Document(a), Verdict(a), Claimed(a)),
        MutationKind.SetRbacPreassignments => new SetRbacPreassignments(Network(a), [.. a.Rest().Select(PreAssigned)]),
        MutationKind.JoinNetwork => JoinNetwork(a, state),
        MutationKind.LeaveNetwork => new LeaveNetwork(Node(a), Network(a)),
        MutationKind.KickMember => new KickMember(Network(a), Node(a), Claimed(a)),
        MutationKind.PromoteMember => new PromoteMember(Network(a), Node(a), Claimed(a)),
        MutationKind.DemoteMember => new DemoteMember(Network(a), Node(a), Claimed(a)),
        MutationKind.TransferOwnership => new TransferOwnership(Network(a), Node(a), Claimed(a)),
        MutationKind.SetMemberTags => new SetMemberTags(Network(a), Node(a), [.. a.Rest()], Claimed(a)),
        MutationKind.InviteToNetwork => InviteToNetwork(a, actor),
        MutationKind.RespondInvite => new RespondInvite(Node(a), Network(a), a.Choice("accept", "refuse")),
        MutationKind.RevokeInvite => new RevokeInvite(Network(a), Node(a), Claimed(a)),
        _ => throw new ScenarioException($"the scenarios do not know {kind} yet: add it here"),
    };

    private CreateNetwork CreateNetwork(Arguments a) => new()
    {
        Enterprise = a.Flag("enterprise"),
        Name = a.Next("the name"),
        Creator = names.Node(a.Required("creator")),
        JoinRule = Rule(a.Named("rule") ?? "open"),
        JoinToken = Verifier(a, "token"),
        AdminToken = Verifier(a, "admin_token"),
        Rules = a.Named("rules") is { } rules ? RuleSetText.Parse(rules) : null,
        ExprPolicy = Document(a),
        Verdict = Verdict(a),
    };

    private SetNetworkPolicy SetNetworkPolicy(Arguments a) => new()
    {
        Network = Network(a),
        MaxMembers = a.Number<uint>("max_members"),
        AllowedPorts = a.Named("ports") is { } ports ? Ports(ports) : null,
        Description = a.Named("description"),
        Node = Claimed(a),
    };

    private JoinNetwork JoinNetwork(Arguments a, MembershipState state)
    {
        var (node, network) = (Node(a), Network(a));
        var version = a.Number<ulong>("version");
        if (a.Named("token") is not { } token) return new(node, network);

        // Without a verifier there is nothing to make a proof against.
        if (!state.Tables.Networks.TryGetValue(network, out var held) || held.JoinToken is not { } verifier) return new(node, network);
        return new(node, network, new TokenProof(version ?? verifier.Version, ScenarioTokens.Mac(verifier.Verifier.Salt, token)));
    }

    private InviteToNetwork InviteToNetwork(Arguments a, Actor actor)
    {
        var inviter = a.Named("inviter");
        return new(Network(a), inviter is null ? actor.Node : names.Node(inviter), Node(a));
    }

    private NodeId Node(Arguments a) => names.Node(a.Next("the node"));

    private NetworkId Network(Arguments a) => names.Network(a.Next("the network"));

    private NodeId? Claimed(Arguments a) => a.Named("node_id") is { } name ? names.Node(name) : null;

    private TokenVerifier? Verifier(Arguments a, string name) =>
        a.Named(name) is { Length: > 0 } token ? tokens.Verifier(token) : null;

    // A text that names no rule or role travels as 0 and is rejected at its place.
    private static JoinRule Rule(string text) => JoinRuleText.TryParse(text, out var rule) ? rule : 0;

    private static PreAssignment PreAssigned(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0) throw new ScenarioException($"'{text}' is no pre-assignment: write external-id:role");
        return new(text[..colon], Enum.GetValues<Role>().FirstOrDefault(role => role.ToText() == text[(colon + 1)..]));
    }

    private static ReadOnlyMemory<byte> Document(Arguments a) => Encoding.UTF8.GetBytes(a.Named("expr_policy") ?? "");

    private static ImmutableArray<uint> Ports(string list) => list.Length == 0
        ? []
        : [.. list.Split(',').Select(port => uint.Parse(port, CultureInfo.InvariantCulture))];

    // What was found before proposing, such as verdict=key_invalid.
    private static Code Verdict(Arguments a) => a.Named("verdict") is not { } name ? Code.Ok
        : Enum.GetValues<Code>().Where(code => code.ToName() == name).DefaultIfEmpty(Code.Ok).First() is var code and not Code.Ok ? code
        : throw new ScenarioException($"verdict={name}: there is no such code");
}
