using System.Text;

namespace Membership.Tests.Model;

// What several rows share: the fields' own limits, who may ask (2.7, 2.8), names and lengths (1).
internal sealed partial class MembershipModel
{
    /// <summary>Node 0 in any field, then network 0.</summary>
    private static Code Fields(NetworkId? network, params ReadOnlySpan<NodeId?> nodes)
    {
        foreach (var node in nodes)
        {
            if (node is { Value: 0 }) return Code.InvalidArgument;
        }

        return network is { Value: 0 } ? Code.Backbone : Code.Ok;
    }

    private bool IsAdmin => _actor.Kind == ActorKind.Admin;

    private bool IsNodeOrAdmin(NodeId node) => IsAdmin || _actor.Is(node);

    private bool IsNetworkAdminOf(NetworkId network) => _actor.Kind == ActorKind.NetworkAdmin && _actor.Network == network;

    private Code OwnerGate(NetworkId network, NodeId? claimed) => RoleGate(network, claimed, Role.Owner);

    private Code ManagerGate(NetworkId network, NodeId? claimed) => RoleGate(network, claimed, Role.Owner, Role.Admin);

    /// <summary>The role gate (2.8).</summary>
    private Code RoleGate(NetworkId network, NodeId? claimed, params ReadOnlySpan<Role> allowed)
    {
        if (Network(network) is not { } held) return Code.NetworkNotFound;
        if (IsAdmin) return Code.Ok;
        if (IsNetworkAdminOf(network)) return allowed.Contains(_actor.Level) ? Code.Ok : Code.RoleRequired;
        if (_actor.Kind != ActorKind.Node) return Code.NotAuthorized;
        if (held.Member(_actor.Id) is not { } member) return Code.ActorNotAMember;
        if (!allowed.Contains(member.Role)) return Code.RoleRequired;
        if (claimed is { } node && !_actor.Is(node)) return Code.NotAuthorized;
        _actorRole = member.Role.ToText();
        return Code.Ok;
    }

    /// <summary>Whether the actor acts with the rights of an admin of the network and no more.</summary>
    private bool ActsAsAdminOf(ModelNetwork network) => _actor.Kind switch
    {
        ActorKind.NetworkAdmin => _actor.Level == Role.Admin,
        ActorKind.Node => network.Member(_actor.Id)?.Role == Role.Admin,
        _ => false,
    };

    private Code Name(string name)
    {
        if (!IsLabel(name, Limits.NameBytesMax)) return Code.NameInvalid;
        return name == "backbone" ? Code.NameReserved : Code.Ok;
    }

    private static bool IsLabel(string text, int bytesMax) =>
        text.Length >= 1 && text.Length <= bytesMax
        && text.All(c => "abcdefghijklmnopqrstuvwxyz0123456789-".Contains(c, StringComparison.Ordinal))
        && !text.StartsWith('-') && !text.EndsWith('-');

    private bool IsExternalId(string text) => Encoding.UTF8.GetByteCount(text) <= Limits.ExternalIdBytesMax;

    public static string Folded(string externalId) =>
        string.Concat(externalId.Select(c => c is >= 'A' and <= 'Z' ? (char)(c - 'A' + 'a') : c));

    /// <summary>The role that waits for this node in this network: only while it is enterprise, never for an empty external id.</summary>
    private static Role? PreAssigned(ModelNetwork network, ModelNode node)
    {
        if (!network.Enterprise || node.ExternalId.Length == 0) return null;
        foreach (var waiting in network.PreAssignments)
        {
            if (Folded(waiting.ExternalId) == Folded(node.ExternalId)) return waiting.Role;
        }

        return null;
    }
}
