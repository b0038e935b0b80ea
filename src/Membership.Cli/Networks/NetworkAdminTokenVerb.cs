using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;

namespace Membership.Cli.Networks;

internal sealed class NetworkAdminTokenVerb : ClientVerb
{
    private readonly Argument<NetworkId> _network = Arguments.Network();
    private readonly SecretOption _newToken = new("--new-token", "the new token");
    private readonly Option<bool> _clear = new("--clear") { Description = "have none from now on" };

    public NetworkAdminTokenVerb()
        : base("network admin-token", "Sets or clears the token of a network's admins.") => Take([_network, .. _newToken.Options, _clear]);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var token = _newToken.Read(call);
        if (token is null != call.Get(_clear)) throw ToolException.WrongArgument("it is set or cleared, give either --new-token-file or --clear");
        var done = await registry.Client.SetNetworkAdminTokenAsync(call.Get(_network), token, call.Cancel).DoneAsync();
        call.Show(new Fields { { "network_id", done.Answer }, { "cleared", token is null } }.With(done.ToFields()));
    }
}
