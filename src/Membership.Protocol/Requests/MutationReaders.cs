using System.Collections.Immutable;
using System.Text.Json;
using Membership.Protocol.Json;

namespace Membership.Protocol.Requests;

/// <summary>Reads the fields of the mutations, each in the order of the command specification, section 3.</summary>
internal static class MutationReaders
{
    // Longer lists of ports and tags than any that is valid stay so when they are cut, and cost less.
    private const int ItemsKeptMax = 1000;

    public static IEnumerable<KeyValuePair<string, Func<RequestFields, Command>>> All =>
    [
        new("register_node", NodeReaders.RegisterNode),
        new("deregister_node", f => new MutationCommand(new DeregisterNode(f.Node()))),
        new("rotate_node_key", NodeReaders.RotateNodeKey),
        new("set_external_id", f => new MutationCommand(new SetExternalId(f.Node(), f.Text(FieldNames.ExternalId)))),
        new("set_task_exec", f => new MutationCommand(new SetTaskExec(f.Node(), f.Flag("enabled")))),
        new("create_network", CreateNetworkReader.Read),
        new("delete_network", f => new MutationCommand(new DeleteNetwork(f.MutatedNetwork(), f.OptionalNode()))),
        new("rename_network", f => new MutationCommand(
            new RenameNetwork(f.MutatedNetwork(), f.Text(FieldNames.Name), f.OptionalNode()))),
        new("set_network_enterprise", f => new MutationCommand(
            new SetNetworkEnterprise(f.MutatedNetwork(), f.Flag(FieldNames.Enterprise)))),
        new("set_join_rule", SetJoinRule),
        new("set_network_admin_token", SetNetworkAdminToken),
        new("set_network_policy", SetNetworkPolicy),
        new("set_expr_policy", SetExprPolicy),
        new("set_rbac_preassignments", f => new MutationCommand(new SetRbacPreassignments(f.MutatedNetwork(), PreAssignments(f)))),
        new("join_network", JoinNetwork),
        new("leave_network", f => new MutationCommand(new LeaveNetwork(f.Node(), f.MutatedNetwork()))),
        new("kick_member", f => new MutationCommand(new KickMember(f.MutatedNetwork(), f.Node(FieldNames.Target), f.OptionalNode()))),
        new("promote_member", f => new MutationCommand(
            new PromoteMember(f.MutatedNetwork(), f.Node(FieldNames.Target), f.OptionalNode()))),
        new("demote_member", f => new MutationCommand(
            new DemoteMember(f.MutatedNetwork(), f.Node(FieldNames.Target), f.OptionalNode()))),
        new("transfer_ownership", f => new MutationCommand(
            new TransferOwnership(f.MutatedNetwork(), f.Node("new_owner_id"), f.OptionalNode()))),
        new("set_member_tags", f => new MutationCommand(
            new SetMemberTags(f.MutatedNetwork(), f.Node(FieldNames.Target), Tags(f), f.OptionalNode()))),
        new("invite_to_network", f => new MutationCommand(
            new InviteToNetwork(f.MutatedNetwork(), f.Node("inviter_id"), f.Node(FieldNames.Target)))),
        new("respond_invite", f => new MutationCommand(new RespondInvite(f.Node(), f.MutatedNetwork(), f.Flag("accept")))),
        new("revoke_invite", f => new MutationCommand(
            new RevokeInvite(f.MutatedNetwork(), f.Node(FieldNames.Target), f.OptionalNode()))),
    ];

    private static MutationCommand SetJoinRule(RequestFields f)
    {
        var network = f.MutatedNetwork();
        var rule = f.Rule();
        var token = f.OptionalToken(FieldNames.Token);
        var mutation = new SetJoinRule(network, rule, Token: null, f.OptionalNode());
        return rule == JoinRule.Token && token is not null
            ? new(mutation, inputs => mutation with { Token = inputs.MakeVerifier(token) }) { CarriesToken = true }
            : new(mutation) { CarriesToken = token is not null };
    }

    private static MutationCommand SetNetworkAdminToken(RequestFields f)
    {
        var network = f.MutatedNetwork();
        var token = f.Token(FieldNames.NetworkAdminToken);
        var mutation = new SetNetworkAdminToken(network, Token: null, f.OptionalNode());
        return token.Length > 0
            ? new(mutation, inputs => mutation with { Token = inputs.MakeVerifier(token) }) { CarriesToken = true }
            : new(mutation);
    }

    private static MutationCommand JoinNetwork(RequestFields f)
    {
        var mutation = new JoinNetwork(f.Node(), f.MutatedNetwork());
        var token = f.OptionalToken(FieldNames.Token);
        return token is null
            ? new(mutation)
            : new(mutation, inputs => mutation with { Proof = inputs.MakeProof(mutation.Network, token) }) { CarriesToken = true };
    }

    private static MutationCommand SetNetworkPolicy(RequestFields f)
    {
        var mutation = new SetNetworkPolicy
        {
            Network = f.MutatedNetwork(),
            MaxMembers = (uint?)f.OptionalNumber("max_members", uint.MaxValue),
            AllowedPorts = f.IsAbsent("allowed_ports") ? null : Ports(f),
            Description = f.OptionalText("description"),
            Node = f.OptionalNode(),
        };
        if (mutation is { MaxMembers: null, AllowedPorts: null, Description: null }) f.Refuse("max_members");
        return new(mutation);
    }

    private static MutationCommand SetExprPolicy(RequestFields f)
    {
        var network = f.MutatedNetwork();
        if (!f.Has(FieldNames.ExprPolicy)) f.Refuse(FieldNames.ExprPolicy);
        var (document, verdict) = PolicyDocuments.ReadExprPolicy(f, needsRules: true);
        return new(new SetExprPolicy(network, document, verdict, f.OptionalNode()));
    }

    private static ImmutableArray<PreAssignment> PreAssignments(RequestFields f)
    {
        var roles = ImmutableArray.CreateBuilder<PreAssignment>();
        f.List("roles", item =>
        {
            if (item.Token != JsonTokenType.StartObject || !JsonObject.TryParse(item.Raw, out var assignment)) return false;
            var (externalId, role) = (assignment[FieldNames.ExternalId], assignment["role"]);
            if (externalId.Token != JsonTokenType.String || role.Token != JsonTokenType.String) return false;
            roles.Add(new(externalId.ToText(), RoleOf(role.ToText())));
            return true;
        });
        return roles.DrainToImmutable();
    }

    // Whatever cannot be pre-assigned travels as no role, and is rejected at its place.
    private static Role RoleOf(string text) => text switch
    {
        "admin" => Role.Admin,
        "member" => Role.Member,
        _ => Role.None,
    };

    private static ImmutableArray<string> Tags(RequestFields f)
    {
        var tags = ImmutableArray.CreateBuilder<string>();
        f.List("tags", item =>
        {
            if (item.Token != JsonTokenType.String) return false;
            if (tags.Count < ItemsKeptMax) tags.Add(item.ToText());
            return true;
        });
        return tags.DrainToImmutable();
    }

    private static ImmutableArray<uint> Ports(RequestFields f)
    {
        var ports = ImmutableArray.CreateBuilder<uint>();
        f.List("allowed_ports", item =>
        {
            if (!item.TryGetNumber(uint.MaxValue, out var port)) return false;
            if (ports.Count < ItemsKeptMax) ports.Add((uint)port);
            return true;
        });
        return ports.DrainToImmutable();
    }
}
