using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Membership.Audit;
using Membership.Formats;
using Membership.Maps;

namespace Membership.State;

/// <summary>
/// The invariants I1 to I11 that hold after every entry, checked from the records alone. Slow and complete, for tests after each step; a
/// snapshot is checked by those of them that concern records before it replaces anything.
/// </summary>
/// <remarks>Source: command specification, 2.11.</remarks>
public static class Invariants
{
    /// <summary>What does not hold in this state, each with its number; nothing when all is well.</summary>
    public static IReadOnlyList<string> Check(MembershipState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var check = new InvariantCheck(state);
        check.CheckRecords();
        check.CheckDerived();
        return check.Violations;
    }

    /// <summary>What does not hold in a state whose indexes and digest were made just now, by one draft, of records with different keys.</summary>
    /// <remarks>
    /// To make them once more and compare takes longer than all else, and could not differ: two records that an index cannot tell apart, so
    /// that their order would count, break I1, I6 or I9, and those are checked.
    /// </remarks>
    internal static IReadOnlyList<string> CheckRecords(MembershipState state)
    {
        var check = new InvariantCheck(state);
        check.CheckRecords();
        return check.Violations;
    }

    /// <summary>I10: revision, cluster time and id counters never go back.</summary>
    public static IReadOnlyList<string> CheckStep(MembershipState before, MembershipState after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var (a, b) = (before.Counters, after.Counters);
        var violations = new List<string>();
        if (b.Revision < a.Revision) violations.Add("I10: the revision went back");
        if (b.StateVersion < a.StateVersion) violations.Add("I10: the state version went back");
        if (b.Time < a.Time) violations.Add("I10: cluster time went back");
        if (b.LastNetworkId < a.LastNetworkId) violations.Add("I10: the network id counter went back");
        if (b.LastNodeId < a.LastNodeId) violations.Add("I10: the node id counter went back");
        if (b.SessionFloorTime < a.SessionFloorTime) violations.Add("I10: the session floor time went back");
        if (b.LastAuditNumber < a.LastAuditNumber) violations.Add("I10: the audit chain went back");
        return violations;
    }

    private sealed class InvariantCheck(MembershipState state)
    {
        private readonly Tables _t = state.Tables;
        private readonly Limits _limits = state.Limits;

        public List<string> Violations { get; } = [];

        public void CheckRecords()
        {
            Require(state.Revision < ulong.MaxValue, "I10: the revision cannot rise any more");
            CheckNetworks(CheckMembers());
            CheckInvites();
            CheckInboxes();
            CheckBelonging();
            CheckSessions();
            CheckAudit();
            CheckUnique();
        }

        private void Require(bool holds, string invariant)
        {
            if (!holds) Violations.Add(invariant);
        }

        private void Require(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] ref Violation violation)
        {
            if (!holds) Violations.Add(violation.ToString());
        }

        private void CheckNetworks(Roster[] rosters)
        {
            foreach (var (id, network) in _t.Networks)
            {
                var (members, owners) = id.Value < rosters.Length ? rosters[id.Value] : default;
                Require(members == 0 || owners == 1, $"I1: network {id} has {members} members and {owners} owners");
                var limit = network.Policy.MaxMembers;
                Require(limit == 0 || members <= limit, $"I5: network {id} has {members} members, its limit is {limit}");
                Require(
                    NameRules.IsLabel(network.Name, _limits.NameBytesMax) && network.Name != NameRules.Backbone,
                    $"I6: network {id} has a name that is not valid");
                Require(
                    _t.NetworkNames.TryGetValue(new(network.Name), out var named) && named == id,
                    $"I6: the name of network {id} is not its alone");
                Require(
                    (network.JoinRule == JoinRule.Token) == (network.JoinToken is not null),
                    $"I7: network {id} has a join token without the rule, or the rule without one");
                Require(
                    network.JoinRule != JoinRule.Invite || network.Enterprise,
                    $"I7: network {id} is joined by invite and not enterprise");
                Require(!id.IsBackbone && id.Value <= state.Counters.LastNetworkId, $"I10: network {id} was never given out");
            }
        }

        // By the number of the network; one that was never given out breaks I10.
        private Roster[] CheckMembers()
        {
            var rosters = new Roster[state.Counters.LastNetworkId + 1];
            foreach (var ((node, network), member) in _t.Members)
            {
                if (network.Value < rosters.Length) rosters[network.Value].Count(member.Role);
                Require(_t.Nodes.ContainsKey(node), $"I2: member {node} of network {network} is not registered");
                Require(_t.Networks.ContainsKey(network), $"I2: member {node} belongs to network {network}, which is not there");
                Require(!_t.Invites.ContainsKey(new(node, network)), $"I4: member {node} of network {network} is invited to it");
                Require(
                    member.Tags.IsEmpty || AreTags(member.Tags),
                    $"I8: the tags of member {node} of network {network} are not valid");
                Require(member.JoinRevision <= state.Revision, $"I10: member {node} of network {network} joined in the future");
            }

            return rosters;
        }

        private bool AreTags(ImmutableArray<string> tags) =>
            tags.Length <= _limits.TagsMax
            && tags.Distinct(StringComparer.Ordinal).Count() == tags.Length
            && tags.All(tag => NameRules.IsLabel(tag, _limits.TagBytesMax));

        private void CheckInvites()
        {
            foreach (var ((target, network), invite) in _t.Invites)
            {
                Require(invite.Arrival <= state.Revision, $"I10: an invite of node {target} arrived in the future");
                Require(_t.Nodes.ContainsKey(target), $"I2: invited node {target} is not registered");
                Require(_t.Nodes.ContainsKey(invite.Inviter), $"I2: inviter {invite.Inviter} is not registered");
                Require(
                    _t.Networks.TryGetValue(network, out var held),
                    $"I2: an invite of node {target} belongs to network {network}, which is not there");
                Require(
                    held is null || held.JoinRule == JoinRule.Invite,
                    $"I7: an invite of node {target} belongs to network {network}, whose join rule is another");
            }
        }

        private void CheckInboxes()
        {
            var liveSince = state.ClusterTime - _limits.InviteTtlMs;
            var (inbox, live) = (default(NodeId), 0);
            foreach (var ((target, _), invite) in _t.Invites)
            {
                if (target != inbox) (inbox, live) = (target, 0);
                if (invite.CreatedAt >= liveSince) live++;
                Require(live <= _limits.InboxMax, $"I3: node {target} has more than {_limits.InboxMax} live invites");
            }
        }

        private void CheckBelonging()
        {
            foreach (var (key, _) in _t.PreAssignments)
            {
                Require(
                    _t.Networks.ContainsKey(new((ushort)key.Network)),
                    $"I2: pre-assignments belong to network {key.Network}, which is not there");
            }

            foreach (var (network, _) in _t.ExprPolicies)
                Require(_t.Networks.ContainsKey(network), $"I2: an expression policy belongs to network {network}, which is not there");
            foreach (var (_, freed) in _t.FreedIds)
                Require(!_t.Networks.ContainsKey(freed), $"I9: the id of network {freed} is free, and the network is there");
            foreach (var (key, former) in _t.FormerKeys)
            {
                Require(_t.Nodes.ContainsKey(key.Node), $"I2: a former key belongs to node {key.Node}, which is not registered");
                Require(
                    _t.KeyHolders.TryGetValue(former, out var holder) && holder == new KeyHolder(key.Node, key.Version),
                    $"I9: a former key of node {key.Node} is somebody else's");
            }

            foreach (var (id, node) in _t.Nodes)
            {
                Require(!id.IsNobody && id.Value <= state.Counters.LastNodeId, $"I10: node {id} was never given out");
                Require(
                    _t.KeyHolders.TryGetValue(node.PublicKey, out var holder) && holder == new KeyHolder(id, node.KeyVersion),
                    $"I9: the key of node {id} is not its alone");
            }
        }

        private void CheckSessions()
        {
            foreach (var (_, session) in _t.Sessions)
                Require(session.LastUseRevision <= state.Revision, "I10: a session was used in the future");
        }

        private void CheckAudit() => Require(
            AuditRecordFormat.IsChained(_t.Audit, state.Counters.LastAuditNumber, state.Counters.AuditHead),
            "I11: the audit records are not one chain that ends in its head");

        public void CheckDerived()
        {
            var rebuilt = Rebuild().Publish(state.AppliedIndex, state.AppliedTerm);
            var r = rebuilt.Tables;
            RequireSame(_t.NetworkNames, r.NetworkNames, "names of networks");
            RequireSame(_t.Owners, r.Owners, "owners");
            RequireSame(_t.MembersByJoin, r.MembersByJoin, "members in join order");
            RequireSame(_t.AdminsByJoin, r.AdminsByJoin, "admins in join order");
            RequireSame(_t.Inbox, r.Inbox, "inboxes");
            RequireSame(_t.InvitesByAge, r.InvitesByAge, "invites by age");
            RequireSame(_t.InvitesByNetwork, r.InvitesByNetwork, "invites by network");
            RequireSame(_t.InvitesSent, r.InvitesSent, "invites sent");
            RequireSame(_t.InvitesSentByAge, r.InvitesSentByAge, "invites sent, by age");
            RequireSame(_t.KeyHolders, r.KeyHolders, "holders of keys");
            RequireSame(_t.SessionsByUse, r.SessionsByUse, "sessions by use");
            RequireSame(_t.SessionsByExpiry, r.SessionsByExpiry, "sessions by expiry");
            Require(rebuilt.Digest == state.Digest, "I11: the digest is not that of the records");
        }

        // An index whose keys do not tell two records apart is short of one, and rebuilt it is short of the same one.
        private void CheckUnique()
        {
            Require(_t.MembersByJoin.Count == _t.Members.Count, "I9: two members joined a network at one revision");
            Require(
                _t.Inbox.Count == _t.Invites.Count && _t.InvitesSentByAge.Count == _t.Invites.Count,
                "I9: two invites of one target or one inviter arrived at one revision");
            Require(_t.SessionsByUse.Count == _t.Sessions.Count, "I9: two sessions were used last at one revision");
        }

        private Draft Rebuild()
        {
            var draft = new Draft(MembershipState.Founded(state.ClusterId, _limits)) { Counters = state.Counters };
            foreach (var (_, network) in _t.Networks) draft.PutNetwork(network);
            foreach (var (network, document) in _t.ExprPolicies) draft.PutExprPolicy(network, document);
            foreach (var (key, assignment) in _t.PreAssignments) draft.AddPreAssignment(new((ushort)key.Network), assignment);
            foreach (var (deletedAt, freed) in _t.FreedIds) draft.AddFreedId(deletedAt, freed);
            foreach (var (id, node) in _t.Nodes) draft.PutNode(id, node);
            foreach (var (key, former) in _t.FormerKeys) draft.AddFormerKey(key.Node, key.Version, former);
            foreach (var ((node, network), member) in _t.Members) draft.PutMember(network, node, member);
            foreach (var ((target, network), invite) in _t.Invites) draft.AddInvite(target, network, invite);
            foreach (var (key, session) in _t.Sessions)
            {
                var put = draft.PutSession(key, session);
                foreach (var (sequence, outcome) in session.Outcomes) draft.AddOutcome(key, put, sequence, outcome);
            }

            return draft;
        }

        private void RequireSame<TKey, TValue>(
            in OrderedMap<TKey, TValue> held, in OrderedMap<TKey, TValue> rebuilt, string index)
            where TKey : IComparable<TKey> =>
            Require(IsSame(held, rebuilt), $"I9: the index of {index} is not that of the records");

        private static bool IsSame<TKey, TValue>(in OrderedMap<TKey, TValue> a, in OrderedMap<TKey, TValue> b)
            where TKey : IComparable<TKey>
        {
            if (a.Count != b.Count) return false;
            foreach (var (key, value) in a)
            {
                if (!b.TryGetValue(key, out var other) || !EqualityComparer<TValue>.Default.Equals(value, other)) return false;
            }

            return true;
        }

        /// <summary>How many members a network has, and how many of them own it.</summary>
        private record struct Roster(int Members, int Owners)
        {
            public void Count(Role role)
            {
                Members++;
                if (role == Role.Owner) Owners++;
            }
        }

        /// <summary>A text that is written only when it is needed: of a million records, all are in order.</summary>
        [InterpolatedStringHandler]
        private ref struct Violation
        {
            private DefaultInterpolatedStringHandler _text;

            public Violation(int literalLength, int formattedCount, bool holds, out bool isNeeded)
            {
                isNeeded = !holds;
                _text = holds ? default : new(literalLength, formattedCount);
            }

            public void AppendLiteral(string value) => _text.AppendLiteral(value);

            public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

            public override string ToString() => _text.ToStringAndClear();
        }
    }
}
