namespace Membership.Tests.Model;

// What the model remembers: plain classes in plain lists, nothing derived.

internal sealed class ModelNode
{
    public required uint Id { get; init; }
    public required long RegisteredAt { get; init; }
    public required PublicKey Key { get; set; }
    public uint KeyVersion { get; set; } = 1;
    public string ExternalId { get; set; } = "";
    public bool TaskExec { get; set; }
    public List<PublicKey> FormerKeys { get; } = [];
}

internal sealed class ModelMember
{
    public required uint Node { get; init; }
    public required Role Role { get; set; }
    public required long JoinedAt { get; init; }
    public List<string> Tags { get; set; } = [];
}

internal sealed class ModelNetwork
{
    public required ushort Id { get; init; }
    public required string Name { get; set; }
    public required JoinRule JoinRule { get; set; }
    public required bool Enterprise { get; set; }
    public required long CreatedAt { get; init; }
    public VersionedVerifier? JoinToken { get; set; }
    public VersionedVerifier? AdminToken { get; set; }
    public uint MaxMembers { get; set; }
    public List<ushort> AllowedPorts { get; set; } = [];
    public string Description { get; set; } = "";
    public RuleSet? Rules { get; init; }
    public byte[] ExprPolicy { get; set; } = [];
    public List<PreAssignment> PreAssignments { get; set; } = [];

    /// <summary>In join order.</summary>
    public List<ModelMember> Members { get; } = [];

    public ModelMember? Owner => Members.Find(member => member.Role == Role.Owner);

    public ModelMember? Member(uint node) => Members.Find(member => member.Node == node);

    public bool IsFull => MaxMembers != 0 && Members.Count >= MaxMembers;
}

internal sealed record ModelInvite(ushort Network, uint Target, uint Inviter, long CreatedAt);

internal sealed record ModelOutcome(Fingerprint Content, Outcome Outcome);

/// <summary>Who a session belongs to: the actor without its version or token id, and the client.</summary>
internal sealed record ModelSessionOwner(ActorKind Kind, uint Id, string Key, ulong Client)
{
    public static ModelSessionOwner Of(Actor actor, ulong client) => actor.Kind switch
    {
        ActorKind.Admin => new(actor.Kind, 0, "", client),
        ActorKind.Key => new(actor.Kind, 0, actor.PublicKey.ToString(), client),
        _ => new(actor.Kind, actor.Id, "", client),
    };

    /// <summary>Whether the two count towards the same bound: each node's, each network's, all admins', all keys'.</summary>
    public bool SharesBoundWith(ModelSessionOwner other) => Kind == other.Kind && Id == other.Id;
}

internal sealed class ModelSession
{
    public required ModelSessionOwner Owner { get; init; }
    public ulong? Floor { get; set; }
    public long LastUse { get; set; }
    public ulong LastUseRevision { get; set; }

    /// <summary>Unix ms; null while no request of it was signed.</summary>
    public long? GreatestIssuedAt { get; set; }

    public SortedDictionary<ulong, ModelOutcome> Outcomes { get; } = [];
}

/// <summary>What an event says, as text: action and attributes by name.</summary>
internal sealed record ModelEvent(ulong Revision, long Time, string Actor, string ActorRole, RequestId? RequestId, string Text);
