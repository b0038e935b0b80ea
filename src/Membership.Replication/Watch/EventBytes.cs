using System.Collections.Immutable;
using Membership.Events;

namespace Membership.Replication.Watch;

/// <summary>How much memory an event holds: a bound from above, as it may be the last that holds its texts.</summary>
internal static class EventBytes
{
    /// <summary>Its place in the ring, and the objects of a fixed size that it can have: no event counts as less.</summary>
    public const int Fixed = 320;

    private const int ObjectHeader = 32;

    public static int Of(Event e) => Fixed + e switch
    {
        NetworkCreated x => Of(x.Name),
        NetworkDeleted x => Of(x.Name) + (x.Audience is { } audience ? ObjectHeader + sizeof(uint) * audience.NodeCount : 0),
        NetworkRenamed x => Of(x.OldName) + Of(x.NewName),
        NetworkPolicyChanged x => Of(x.Old) + Of(x.New),
        ExternalIdSet x => Of(x.ExternalId),
        MemberTagsChanged x => Of(x.Tags),
        _ => 0,
    };

    private static int Of(string text) => ObjectHeader + sizeof(char) * text.Length;

    private static int Of(ImmutableArray<string> texts) => ObjectHeader + texts.Sum(text => Of(text) + IntPtr.Size);

    private static int Of(NetworkPolicy policy) => 2 * ObjectHeader + sizeof(ushort) * policy.AllowedPorts.Length + Of(policy.Description);
}
