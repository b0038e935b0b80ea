using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;

namespace Membership.Cli.Nodes;

internal sealed class DeregisterNodeVerb : ClientVerb
{
    private readonly Argument<NodeId> _node = Arguments.Node();

    public DeregisterNodeVerb()
        : base("node deregister", "Ends a node's registration; it leaves every network. For the node itself and admins of the registry.") =>
        Take(_node, CommonOptions.Yes);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var node = call.Get(_node);
        call.Confirm($"node {node} will leave every network and lose its id for good");
        var done = await registry.Client.DeregisterNodeAsync(node, call.Cancel).DoneAsync();
        call.Show(new Fields { { "node_id", done.Answer.Node }, { "existing", done.Answer.Existing } }.With(done.ToFields()));
    }
}
