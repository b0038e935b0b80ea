using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;

namespace Membership.Cli.Networks;

internal sealed class EnterpriseVerb : ClientVerb
{
    private readonly Argument<NetworkId> _network = Arguments.Network();
    private readonly Argument<bool> _enterprise = Arguments.Switch("whether it has roles, kicks, invites and policies");

    public EnterpriseVerb()
        : base("network enterprise", "Turns a network's enterprise features on or off. For admins of the registry.") => Take(_network, _enterprise);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var done = await registry.Client.SetNetworkEnterpriseAsync(call.Get(_network), call.Get(_enterprise), call.Cancel).DoneAsync();
        call.Show(new Fields { { "network_id", done.Answer.Network }, { "enterprise", done.Answer.Enterprise } }.With(done.ToFields()));
    }
}
