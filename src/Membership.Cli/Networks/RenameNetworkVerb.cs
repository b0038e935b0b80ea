using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;

namespace Membership.Cli.Networks;

internal sealed class RenameNetworkVerb : ClientVerb
{
    private readonly Argument<NetworkId> _network = Arguments.Network();
    private readonly Argument<string> _name = new("NAME") { Description = "1 to 63 of a-z 0-9 -, first and last not -" };

    public RenameNetworkVerb()
        : base("network rename", "Renames a network.") => Take(_network, _name);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var done = await registry.Client.RenameNetworkAsync(call.Get(_network), call.Get(_name), call.Cancel).DoneAsync();
        call.Show(new Fields { { "network_id", done.Answer.Network }, { "name", done.Answer.Name } }.With(done.ToFields()));
    }
}
