using Membership.State;

namespace Membership.Queries;

/// <summary>
/// Somebody who looks at one state: all queries of the command specification, section 6, that the state alone answers. Whatever the
/// viewer may not see is not there.
/// </summary>
/// <remarks>Reads an immutable state, so any thread may use it; two queries of one viewer see the same revision.</remarks>
public sealed partial class Viewer
{
    private readonly MembershipState _state;
    private readonly Actor? _requester;
    private readonly DirectoryAccess _access;

    /// <summary>Looks at this state in the name of the requester.</summary>
    /// <param name="state">The state.</param>
    /// <param name="requester">Who asks, as authenticated; null for nobody.</param>
    /// <param name="access">Who may see a network that is not open.</param>
    public Viewer(MembershipState state, Actor? requester, DirectoryAccess access = DirectoryAccess.Members)
    {
        ArgumentNullException.ThrowIfNull(state);
        _state = state;
        _requester = requester;
        _access = access;
    }

    /// <summary>The revision of every answer.</summary>
    public ulong Revision => _state.Revision;

    private bool IsAdmin => _requester is { IsAdmin: true };

    private bool Is(NodeId node) => _requester is { } actor && actor.Is(node);

    /// <summary><c>See(net)</c>: a network that is there, when the viewer may see it; else <see cref="Code.NetworkNotFound"/>.</summary>
    private bool TrySee(NetworkId id, out Network network) =>
        _state.Tables.Networks.TryGetValue(id, out network!) && MaySee(network);

    private bool MaySee(Network network) =>
        _access == DirectoryAccess.Open
        || network.JoinRule == JoinRule.Open
        || IsAdmin
        || _requester is { Kind: ActorKind.NetworkAdmin } token && token.Network == network.Id
        || _requester is { Kind: ActorKind.Node } actor && _state.Tables.Members.Contains(network.Id, actor.Node);

    /// <summary>Whether the viewer manages the network: its owner or an admin of it, its network admin, an admin.</summary>
    private Code CheckManages(NetworkId network)
    {
        if (IsAdmin || _requester is { Kind: ActorKind.NetworkAdmin } token && token.Network == network) return Code.Ok;
        if (_requester is not { Kind: ActorKind.Node } actor) return Code.NotAuthorized;
        if (!_state.Tables.Members.TryGetValue(network, actor.Node, out var member)) return Code.NotAMember;
        return member.Role >= Role.Admin ? Code.Ok : Code.RoleRequired;
    }
}
