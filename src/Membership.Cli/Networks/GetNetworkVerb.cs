using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;

namespace Membership.Cli.Networks;

internal sealed class GetNetworkVerb : ClientVerb
{
    private readonly Argument<NetworkId> _network = Arguments.Network();

    public GetNetworkVerb()
        : base("network get", "Shows a network.") => Take(_network, Freshness.Option);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var done = await registry.Client.GetNetworkAsync(call.Get(_network), Freshness.Of(call), call.Cancel).DoneAsync();
        call.Show(NetworkFields.Of(done.Answer).With(new Fields { { "revision", done.Revision } }));
    }
}
