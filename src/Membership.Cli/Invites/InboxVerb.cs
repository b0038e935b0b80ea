using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;

namespace Membership.Cli.Invites;

internal sealed class InboxVerb : ClientVerb
{
    private readonly Argument<NodeId> _node = Arguments.Node();

    public InboxVerb()
        : base("invite inbox", "Lists the invites that wait for a node. For the node itself and admins of the registry.") =>
        Take(_node, Freshness.Option);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var (node, invites) = (call.Get(_node), new List<Fields>());
        await foreach (var invite in registry.Client.EnumerateReceivedInvitesAsync(node, Freshness.Of(call), call.Cancel))
        {
            invites.Add(new()
            {
                { "network_id", invite.Network },
                { "inviter_id", invite.Inviter },
                { "timestamp", Moment.OfSeconds(invite.CreatedAt) },
            });
        }

        call.Show(new Listing("invites", ["network_id", "inviter_id", "timestamp"], invites) { About = new() { { "node_id", node } } });
    }
}
