using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;

namespace Membership.Cli.Invites;

internal sealed class ListInvitesVerb : ClientVerb
{
    private readonly Argument<NetworkId> _network = Arguments.Network();

    public ListInvitesVerb()
        : base("invite list", "Lists the invites to a network that were not answered yet.") => Take(_network, Freshness.Option);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var (network, invites) = (call.Get(_network), new List<Fields>());
        await foreach (var invite in registry.Client.EnumerateInvitesAsync(network, Freshness.Of(call), call.Cancel))
        {
            invites.Add(new()
            {
                { "target_node_id", invite.Target },
                { "inviter_id", invite.Inviter },
                { "timestamp", Moment.OfSeconds(invite.CreatedAt) },
            });
        }

        call.Show(new Listing("invites", ["target_node_id", "inviter_id", "timestamp"], invites) { About = new() { { "network_id", network } } });
    }
}
