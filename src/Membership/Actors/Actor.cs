using System.Globalization;

namespace Membership;

/// <summary>The kinds of <see cref="Actor"/>. The numbers stand in entries and snapshots and are never reused.</summary>
public enum ActorKind : byte
{
    /// <summary>The state machine itself: the sweep.</summary>
    System = 0,

    /// <summary>The holder of a configured admin token.</summary>
    Admin = 1,

    /// <summary>The holder of a network's admin token.</summary>
    NetworkAdmin = 2,

    /// <summary>A registered node that signed.</summary>
    Node = 3,

    /// <summary>A public key that signed and belongs to no node yet.</summary>
    Key = 4,
}

/// <summary>
/// Who asks, as authenticated before the mutation was proposed. Apply checks that the version within still stands; it never sees a
/// secret.
/// </summary>
/// <remarks>Source: command specification, 2.7.</remarks>
public readonly record struct Actor
{
    /// <summary>No actor's text is longer; a key's is the longest.</summary>
    internal const int TextLengthMax = 64;

    // Few actors have a key, and every event, mutation and header has an actor: so it is not within.
    private readonly PublicKeyBox? _key;

    private Actor(ActorKind kind, uint id, ulong version, Role level, PublicKeyBox? key)
    {
        Kind = kind;
        Id = id;
        Version = version;
        Level = level;
        _key = key;
    }

    /// <summary>What kind of actor this is; it says which other members have a meaning.</summary>
    public ActorKind Kind { get; }

    /// <summary>The admin token's id, the network's id or the node's id.</summary>
    public uint Id { get; }

    /// <summary>The version of the network's admin token (the revision that set it) or of the node's key (1, 2, …).</summary>
    public ulong Version { get; }

    /// <summary>What a network's admin token counts as: <see cref="Role.Admin"/> or <see cref="Role.Owner"/>.</summary>
    public Role Level { get; }

    /// <summary>The key of a <see cref="ActorKind.Key"/>.</summary>
    public PublicKey PublicKey => _key is null ? default : _key.Key;

    /// <summary>The node, when it is one; else nobody.</summary>
    public NodeId Node => Kind == ActorKind.Node ? new(Id) : NodeId.Nobody;

    /// <summary>The network, when the actor is its admin token; else the backbone.</summary>
    public NetworkId Network => Kind == ActorKind.NetworkAdmin ? new((ushort)Id) : NetworkId.Backbone;

    /// <summary>Whether the actor is the holder of an admin token.</summary>
    public bool IsAdmin => Kind == ActorKind.Admin;

    /// <summary>The state machine itself.</summary>
    public static Actor System => default;

    /// <summary>The holder of an admin token.</summary>
    /// <param name="tokenId">Names the token; for the audit trail alone.</param>
    public static Actor Admin(uint tokenId = 0) => new(ActorKind.Admin, tokenId, 0, default, null);

    /// <summary>The holder of a network's admin token.</summary>
    /// <param name="network">The network.</param>
    /// <param name="version">The revision that set the token.</param>
    /// <param name="level"><see cref="Role.Admin"/>, or <see cref="Role.Owner"/> where the accepting replica says so.</param>
    public static Actor NetworkAdmin(NetworkId network, ulong version, Role level = Role.Admin) =>
        new(ActorKind.NetworkAdmin, network.Value, version, level, null);

    /// <summary>A node that signed with the key of this version.</summary>
    public static Actor ForNode(NodeId node, ulong keyVersion = 1) => new(ActorKind.Node, node.Value, keyVersion, default, null);

    /// <summary>A key that signed its own registration.</summary>
    public static Actor ForKey(PublicKey key) => new(ActorKind.Key, 0, 0, default, new(key));

    /// <summary>Whether the actor is this node.</summary>
    public bool Is(NodeId node) => Kind == ActorKind.Node && Id == node.Value;

    /// <summary>The form that audit records and messages use, such as <c>node:5</c>.</summary>
    public override string ToString()
    {
        Span<char> text = stackalloc char[TextLengthMax];
        return new(text[..Format(text)]);
    }

    /// <summary>The same, without an object.</summary>
    /// <param name="text">Room for <see cref="TextLengthMax"/> characters, all of them ASCII.</param>
    /// <returns>How many were written.</returns>
    internal int Format(Span<char> text) => Kind switch
    {
        ActorKind.System => Put("system", text),
        ActorKind.Admin => Put("admin:", Id, text),
        ActorKind.NetworkAdmin => Put("network_admin:", Id, text),
        ActorKind.Node => Put("node:", Id, text),
        _ => Put($"key:{PublicKey.ToString()}", text),
    };

    private static int Put(string word, Span<char> text)
    {
        word.CopyTo(text);
        return word.Length;
    }

    private static int Put(string prefix, uint id, Span<char> text)
    {
        prefix.CopyTo(text);
        id.TryFormat(text[prefix.Length..], out var digits, provider: NumberFormatInfo.InvariantInfo);
        return prefix.Length + digits;
    }

    // A record: equal when the keys within are.
    private sealed record PublicKeyBox(PublicKey Key);
}
