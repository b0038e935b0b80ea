using System.Collections.Immutable;

namespace Membership.Client;

/// <summary>A part of the present state: what is in a network, or an inbox.</summary>
/// <param name="network">The network; null for the inbox.</param>
/// <param name="oldest">The oldest revision of the answers that it is made of.</param>
/// <param name="newest">The newest one.</param>
internal sealed class PresentPart(NetworkId? network, ulong oldest, ulong newest)
{
    public NetworkId? Network { get; } = network;

    public ulong Oldest { get; } = oldest;

    public ulong Newest { get; } = newest;

    /// <summary>What is in the network; null when there is none that the client may see.</summary>
    public PresentNetwork? Content { get; init; }

    public ImmutableArray<ReceivedInvite> Inbox { get; init; } = [];

    /// <summary>Nothing: the refusal that says so tells no revision, but that it is not older than this one.</summary>
    public static PresentPart Absent(NetworkId? network, ulong oldest) => new(network, oldest, ulong.MaxValue);

    public bool ShowsNode(NodeId node) => Content?.Members.Any(member => member.Address.Node == node) == true;
}
