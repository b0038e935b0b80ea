using Membership.Cli.Networks;
using Membership.Cli.Output;
using Membership.Client;

namespace Membership.Cli.Watch;

/// <summary>What a watcher hears, as results.</summary>
internal static class WatchFields
{
    public const string Present = "present";

    public static Fields Of(WatchItem item) => item switch
    {
        WatchedEvent happened => Of(happened),
        PresentState present => Of(present),
        _ => throw new ArgumentException($"There is no form for a {item.GetType().Name}.", nameof(item)),
    };

    private static Fields Of(WatchedEvent happened) => new()
    {
        { "type", "event" },
        { "revision", happened.Revision },
        { "time", Moment.OfMilliseconds(happened.Time) },
        { "actor", happened.Actor },
        { "actor_role", happened.ActorRole },
        { "request_id", happened.RequestId },
        { "action", happened.Action },
        { "attributes", happened.Attributes },
        { "next_revision", happened.NextRevision },
    };

    private static Fields Of(PresentState present) => new()
    {
        { "type", Present },
        { "oldest", present.OldestRevision },
        { "revision", present.Revision },
        { "networks", present.Networks.Select(Of) },
        { "inbox", present.Inbox.Select(Of) },
        { "next_revision", present.NextRevision },
    };

    private static Fields Of(PresentNetwork network) => NetworkFields.Of(network.Network).With(new Fields
    {
        { "nodes", network.Members.Select(Of) },
        { "invites", network.Invites.Select(Of) },
    });

    private static Fields Of(MemberInfo member) => new()
    {
        { "node_id", member.Address.Node },
        { "role", member.Role.ToText() },
        { "member_tags", member.Tags },
    };

    private static Fields Of(NetworkInvite invite) => new() { { "target_node_id", invite.Target }, { "inviter_id", invite.Inviter } };

    private static Fields Of(ReceivedInvite invite) => new() { { "network_id", invite.Network }, { "inviter_id", invite.Inviter } };
}
