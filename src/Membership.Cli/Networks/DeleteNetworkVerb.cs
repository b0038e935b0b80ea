using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;

namespace Membership.Cli.Networks;

internal sealed class DeleteNetworkVerb : ClientVerb
{
    private readonly Argument<NetworkId> _network = Arguments.Network();

    public DeleteNetworkVerb()
        : base("network delete", "Deletes a network with all that is in it.") => Take(_network, CommonOptions.Yes);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var network = call.Get(_network);
        call.Confirm($"network {network} with its members, tags and invites will be deleted");
        var done = await registry.Client.DeleteNetworkAsync(network, call.Cancel).DoneAsync();
        call.Show(new Fields { { "network_id", done.Answer } }.With(done.ToFields()));
    }
}
