using System.Text;
using Membership.Maps;
using Membership.State;
using Xunit;

namespace Membership.Tests.Model;

/// <summary>Everything that a state says, as lines in one order: the model's and the real one's are compared line by line.</summary>
internal static class StateView
{
    public static string Of(MembershipModel model)
    {
        var view = new View();
        view.Add($"revision {model.Revision} time {model.Time} founded {model.FoundedAt}");
        view.Add($"last node {model.LastNodeId} last network {model.LastNetworkId} floor time {model.SessionFloorTime}");
        view.Add($"freed {string.Join(',', model.FreedNetworkIds)}");
        foreach (var network in model.Networks.OrderBy(network => network.Id))
        {
            view.AddNetwork(
                network.Id, network.Name, network.JoinRule, network.Enterprise, network.CreatedAt, network.JoinToken,
                network.AdminToken, network.MaxMembers, network.AllowedPorts, network.Description, network.Rules);
            if (network.ExprPolicy.Length > 0) view.Add($"  policy {Convert.ToHexString(network.ExprPolicy)}");
            foreach (var waiting in network.PreAssignments.OrderBy(waiting => MembershipModel.Folded(waiting.ExternalId), StringComparer.Ordinal))
                view.Add($"  waits {waiting.ExternalId} {waiting.Role}");
            foreach (var member in network.Members)
                view.AddMember(member.Node, member.Role, member.JoinedAt, member.Tags);
        }

        foreach (var node in model.Nodes.OrderBy(node => node.Id))
            view.AddNode(node.Id, node.Key, node.KeyVersion, node.ExternalId, node.TaskExec, node.RegisteredAt, node.FormerKeys);
        foreach (var invite in model.Invites.OrderBy(invite => invite.Target))
            view.AddInvite(invite.Target, invite.Network, invite.Inviter, invite.CreatedAt);
        foreach (var session in model.Sessions.OrderBy(session => session.LastUseRevision))
        {
            var floor = session.Floor is { } settled ? settled + 1 : 0;
            view.AddSession(
                session.Owner.ToString(), floor, session.LastUse, session.LastUseRevision, session.GreatestIssuedAt ?? 0);
            foreach (var (sequence, (content, outcome)) in session.Outcomes) view.AddOutcome(sequence, content, outcome);
        }

        return view.ToString();
    }

    public static string Of(MembershipState state)
    {
        var (view, t, counters) = (new View(), state.Tables, state.Counters);
        view.Add($"revision {counters.Revision} time {counters.Time} founded {counters.FoundedAt}");
        view.Add($"last node {counters.LastNodeId} last network {counters.LastNetworkId} floor time {counters.SessionFloorTime}");
        view.Add($"freed {string.Join(',', Values(t.FreedIds))}");
        foreach (var (id, network) in t.Networks) AddNetwork(view, t, id, network);
        foreach (var (id, node) in t.Nodes)
        {
            var (from, to) = Ranges.FormerKeys(id);
            var former = new List<PublicKey>();
            foreach (var (_, key) in t.FormerKeys.Between(from, to)) former.Add(key);
            view.AddNode(id.Value, node.PublicKey, node.KeyVersion, node.ExternalId, node.TaskExec, node.RegisteredAt, former);
        }

        // Inboxes are in the order of arrival, target by target.
        foreach (var (key, network) in t.Inbox)
        {
            Assert.True(t.Invites.TryGetValue(new(key.Target, network), out var invite));
            view.AddInvite(key.Target.Value, network.Value, invite.Inviter.Value, invite.CreatedAt);
        }

        foreach (var (_, key) in t.SessionsByUse)
        {
            Assert.True(t.Sessions.TryGetValue(key, out var session));
            var owner = new ModelSessionOwner(
                key.Kind, key.Id, key.Kind == ActorKind.Key ? key.PublicKey.ToString() : "", key.Client);
            view.AddSession(
                owner.ToString(), session.MinSequence, session.LastUse, session.LastUseRevision, session.GreatestIssuedAt);
            foreach (var (sequence, stored) in session.Outcomes)
                view.AddOutcome(sequence, stored.Content, new(stored.Code, stored.Revision, stored.Results));
        }

        return view.ToString();
    }

    private static void AddNetwork(View view, in Tables t, NetworkId id, Network network)
    {
        view.AddNetwork(
            id.Value, network.Name, network.JoinRule, network.Enterprise, network.CreatedAt, network.JoinToken,
            network.AdminToken, (uint)network.Policy.MaxMembers, network.Policy.AllowedPorts, network.Policy.Description,
            network.Rules);
        if (t.ExprPolicies.TryGetValue(id, out var document)) view.Add($"  policy {Convert.ToHexString(document.Span)}");
        var (from, to) = Ranges.PreAssignments(id);
        foreach (var (_, waiting) in t.PreAssignments.Between(from, to)) view.Add($"  waits {waiting.ExternalId} {waiting.Role}");
        var (first, last) = Ranges.ByJoin(id);
        foreach (var (_, node) in t.MembersByJoin.Between(first, last))
        {
            Assert.True(t.Members.TryGetValue(id, node, out var member));
            view.AddMember(node.Value, member.Role, member.JoinedAt, member.Tags);
        }
    }

    private static List<TValue> Values<TKey, TValue>(in OrderedMap<TKey, TValue> map)
        where TKey : IComparable<TKey>
    {
        var values = new List<TValue>();
        foreach (var (_, value) in map) values.Add(value);
        return values;
    }

    /// <summary>The lines that both sides write.</summary>
    private sealed class View
    {
        private readonly StringBuilder _text = new(2048);

        public void Add(string line) => _text.Append(line).Append('\n');

        public void AddNetwork(
            ushort id, string name, JoinRule rule, bool enterprise, long createdAt, VersionedVerifier? joinToken,
            VersionedVerifier? adminToken, uint maxMembers, IEnumerable<ushort> ports, string description, RuleSet? rules)
        {
            Add($"network {id} {name} {rule} enterprise={enterprise} created {createdAt}");
            Add($"  tokens {Token(joinToken)} {Token(adminToken)} max {maxMembers} ports {string.Join(',', ports)} '{description}'");
            if (rules is not null) Add($"  {rules}");
        }

        public void AddMember(uint node, Role role, long joinedAt, IEnumerable<string> tags) =>
            Add($"  member {node} {role} joined {joinedAt} [{string.Join(',', tags)}]");

        public void AddNode(
            uint id, PublicKey key, uint version, string externalId, bool taskExec, long registeredAt, IEnumerable<PublicKey> former) =>
            Add($"node {id} {key} v{version} '{externalId}' exec={taskExec} registered {registeredAt} before {string.Join(',', former)}");

        public void AddInvite(uint target, ushort network, uint inviter, long createdAt) =>
            Add($"invite of {target} to {network} by {inviter} at {createdAt}");

        public void AddSession(string owner, ulong minSequence, long lastUse, ulong lastUseRevision, long issuedAt) =>
            Add($"session {owner} from {minSequence} used {lastUse}/{lastUseRevision} issued {issuedAt}");

        public void AddOutcome(ulong sequence, Fingerprint content, Outcome outcome) =>
            Add($"  outcome {sequence} {content} {outcome.Code} {outcome.Revision} {outcome.Results}");

        public override string ToString() => _text.ToString();

        private static string Token(VersionedVerifier? token) =>
            token is { } held ? $"{held.Version}:{held.Verifier.Salt}:{Convert.ToHexString(held.Verifier.Mac.Bytes)}" : "none";
    }
}
