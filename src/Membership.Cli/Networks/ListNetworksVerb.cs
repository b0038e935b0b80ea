using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;

namespace Membership.Cli.Networks;

internal sealed class ListNetworksVerb : ClientVerb
{
    public ListNetworksVerb()
        : base("network list", "Lists the networks that the one who asks may see.") => Take(Freshness.Option);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var networks = new List<Fields>();
        await foreach (var network in registry.Client.EnumerateNetworksAsync(Freshness.Of(call), call.Cancel)) networks.Add(NetworkFields.Of(network));
        call.Show(new Listing("networks", NetworkFields.Columns, networks));
    }
}
