using Membership.Audit;
using Membership.Maps;
using Membership.Sessions;

namespace Membership.State;

/// <summary>
/// All maps of the state. The primary ones hold the records; the derived ones are indexes that <see cref="Draft"/> keeps in step
/// and that invariant I9 recomputes from scratch.
/// </summary>
internal struct Tables
{
    // Networks.
    public OrderedMap<NetworkId, Network> Networks;
    public OrderedMap<NetworkId, ReadOnlyMemory<byte>> ExprPolicies;
    public OrderedMap<PreAssignmentKey, PreAssignment> PreAssignments;

    /// <summary>Ids of deleted networks by the revision of deletion.</summary>
    public OrderedMap<ulong, NetworkId> FreedIds;

    // Members.
    public MemberMap Members;

    // Invites, by target and network.
    public OrderedMap<NodeNetworkKey, Invite> Invites;

    // Nodes.
    public OrderedMap<NodeId, Node> Nodes;
    public OrderedMap<KeyVersionKey, PublicKey> FormerKeys;

    // Sessions.
    public OrderedMap<SessionKey, Session> Sessions;

    /// <summary>The last audit records; of the state published last.</summary>
    public AuditTrail Audit;

    // Derived.
    public OrderedMap<TextKey, NetworkId> NetworkNames;
    public OrderedMap<NetworkId, NodeId> Owners;
    public OrderedMap<JoinKey, NodeId> MembersByJoin;
    public OrderedMap<JoinKey, NodeId> AdminsByJoin;
    public OrderedMap<InboxKey, NetworkId> Inbox;
    public OrderedMap<InviteAgeKey, Present> InvitesByAge;
    public OrderedMap<MemberKey, Present> InvitesByNetwork;
    public OrderedMap<SentKey, Present> InvitesSent;
    public OrderedMap<SentAgeKey, Present> InvitesSentByAge;
    public OrderedMap<PublicKey, KeyHolder> KeyHolders;
    public OrderedMap<ulong, SessionKey> SessionsByUse;
    public OrderedMap<ExpiryKey, SessionKey> SessionsByExpiry;
}
