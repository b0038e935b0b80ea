using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;

namespace Membership.Cli.Members;

internal sealed class KickMemberVerb : ClientVerb
{
    private readonly Argument<NetworkId> _network = Arguments.Network();
    private readonly Argument<NodeId> _node = Arguments.Node();

    public KickMemberVerb()
        : base("member kick", "Removes a member of an enterprise network.") => Take(_network, _node, CommonOptions.Yes);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var (network, node) = (call.Get(_network), call.Get(_node));
        call.Confirm($"node {node} will lose its membership of network {network}, its tags and its invites there");
        var done = await registry.Client.KickMemberAsync(network, node, call.Cancel).DoneAsync();
        call.Show(new Fields { { "network_id", done.Answer.Network }, { "target_node_id", done.Answer.Target } }.With(done.ToFields()));
    }
}
