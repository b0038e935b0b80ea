using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;

namespace Membership.Cli.Members;

internal sealed class LeaveNetworkVerb : ClientVerb
{
    private readonly Argument<NetworkId> _network = Arguments.Network();
    private readonly Argument<NodeId> _node = Arguments.Node();

    public LeaveNetworkVerb()
        : base("member leave", "Ends a membership. For the node itself and admins of the registry.") => Take(_network, _node, CommonOptions.Yes);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var (network, node) = (call.Get(_network), call.Get(_node));
        call.Confirm($"node {node} will leave network {network} and lose its tags and invites there");
        var done = await registry.Client.LeaveNetworkAsync(node, network, call.Cancel).DoneAsync();
        call.Show(new Fields { { "network_id", done.Answer } }.With(done.ToFields()));
    }
}
