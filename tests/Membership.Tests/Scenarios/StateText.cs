using System.Globalization;
using System.Text;
using Membership.Sessions;
using Membership.State;

namespace Membership.Tests.Scenarios;

/// <summary>Writes what the state holds, with names in place of ids and nothing that is at its default.</summary>
internal sealed class StateText(ScenarioNames names)
{
    public IEnumerable<string> Network(MembershipState state, NetworkId id)
    {
        var t = state.Tables;
        if (!t.Networks.TryGetValue(id, out var n)) return ["no network"];

        var lines = new List<string>
        {
            $"network #{id} name={n.Name} rule={n.JoinRule.ToText()} created={ScenarioTime.ToText(n.CreatedAt)}",
        };
        if (n.Enterprise) lines[0] += " enterprise";
        if (n.JoinToken is { } token) lines.Add($"  join token version={Number(token.Version)}");
        if (n.AdminToken is { } adminToken) lines.Add($"  admin token version={Number(adminToken.Version)}");
        if (!n.Policy.Equals(NetworkPolicy.None)) lines.Add($"  policy {Policy(n.Policy)}");
        if (n.Rules is { } rules) lines.Add($"  rules {RuleSetText.ToText(rules)}");
        if (t.ExprPolicies.TryGetValue(id, out var document)) lines.Add($"  expr_policy {Encoding.UTF8.GetString(document.Span)}");
        var (from, to) = Ranges.ByJoin(id);
        foreach (var (_, node) in t.MembersByJoin.Between(from, to)) lines.Add($"  {MemberLine(t, id, node)}");
        foreach (var (key, _) in t.InvitesByNetwork.Listed(Ranges.Members(id))) lines.Add($"  invited {InviteLine(state, key.Node, id)}");
        foreach (var (_, assigned) in t.PreAssignments.Listed(Ranges.PreAssignments(id)))
            lines.Add($"  pre-assigned {OutcomeText.Quoted(assigned.ExternalId)} {assigned.Role.ToText()}");
        return lines;
    }

    public IEnumerable<string> Node(MembershipState state, NodeId id)
    {
        var t = state.Tables;
        if (!t.Nodes.TryGetValue(id, out var node)) return ["no node"];

        var lines = new List<string>
        {
            $"node #{id} key={names.TextOf(node.PublicKey)} version={Number(node.KeyVersion)}"
                + $" registered={ScenarioTime.ToText(node.RegisteredAt)}",
        };
        if (node.ExternalId.Length > 0) lines[0] += $" external_id={OutcomeText.Quoted(node.ExternalId)}";
        if (node.TaskExec) lines[0] += " task_exec";
        foreach (var (key, former) in t.FormerKeys.Listed(Ranges.FormerKeys(id)))
            lines.Add($"  former key {names.TextOf(former)} version={Number(key.Version)}");
        foreach (var network in t.Members.NetworksOf(id))
        {
            t.Members.TryGetValue(network, id, out var member);
            lines.Add($"  in {names.TextOf(network)} {member.Role.ToText()}");
        }

        foreach (var (_, network) in t.Inbox.Listed(Ranges.Inbox(id, 0)))
        {
            t.Invites.TryGetValue(new(id, network), out var invite);
            lines.Add($"  invited to {names.TextOf(network)} by {names.TextOf(invite.Inviter)}");
        }

        return lines;
    }

    public IEnumerable<string> Sessions(MembershipState state)
    {
        foreach (var (key, session) in state.Tables.Sessions)
        {
            var line = $"{Owner(key)} client={names.ClientText(key.Client)} used={ScenarioTime.ToText(session.LastUse)}";
            if (session.GreatestIssuedAt > 0) line += $" issued={ScenarioTime.ToText(session.GreatestIssuedAt)}";
            if (session.MinSequence > 0) line += $" floor={Number(session.MinSequence - 1)}";
            var sequences = new List<string>();
            foreach (var (sequence, _) in session.Outcomes) sequences.Add(Number(sequence));
            yield return $"{line} outcomes={string.Join(',', sequences)}";
        }
    }

    public static IEnumerable<string> Counters(MembershipState state)
    {
        var c = state.Counters;
        yield return $"revision={Number(c.Revision)} time={TimeOrNone(c.Time)} founded={TimeOrNone(c.FoundedAt)}"
            + $" last_node=#{c.LastNodeId} last_network=#{c.LastNetworkId}"
            + $" session_floor={TimeOrNone(c.SessionFloorTime)}";
        foreach (var (revision, id) in state.Tables.FreedIds) yield return $"  free #{id} since revision {Number(revision)}";
    }

    private string MemberLine(Tables t, NetworkId network, NodeId node)
    {
        t.Members.TryGetValue(network, node, out var member);
        var line = $"{member.Role.ToText()} {names.TextOf(node)} joined={ScenarioTime.ToText(member.JoinedAt)}";
        return member.Tags.IsDefaultOrEmpty ? line : $"{line} tags={string.Join(',', member.Tags)}";
    }

    private string InviteLine(MembershipState state, NodeId target, NetworkId network)
    {
        state.Tables.Invites.TryGetValue(new(target, network), out var invite);
        var line = $"{names.TextOf(target)} by={names.TextOf(invite.Inviter)} created={ScenarioTime.ToText(invite.CreatedAt)}";
        return state.ClusterTime - invite.CreatedAt > state.Limits.InviteTtlMs ? $"{line} (expired)" : line;
    }

    private static string Policy(NetworkPolicy p) =>
        $"max_members={Number((ulong)p.MaxMembers)} ports=[{string.Join(',', p.AllowedPorts)}]"
        + $" description={OutcomeText.Quoted(p.Description)}";

    private string Owner(SessionKey key) => key.Kind switch
    {
        ActorKind.Admin => "admin",
        ActorKind.NetworkAdmin => $"network_admin {names.TextOf(new NetworkId((ushort)key.Id))}",
        ActorKind.Node => names.TextOf(new NodeId(key.Id)),
        _ => $"key {names.TextOf(key.PublicKey)}",
    };

    private static string TimeOrNone(long timeMs) => timeMs == 0 ? "none" : ScenarioTime.ToText(timeMs);

    private static string Number(ulong value) => value.ToString(CultureInfo.InvariantCulture);
}
