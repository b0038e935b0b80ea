using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;

namespace Membership.Cli.Nodes;

internal sealed class ListNodesVerb : ClientVerb
{
    public ListNodesVerb()
        : base("node list", "Lists all nodes. For admins of the registry.") => Take(Freshness.Option);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var nodes = new List<Fields>();
        await foreach (var node in registry.Client.EnumerateNodesAsync(NetworkId.Backbone, Freshness.Of(call), call.Cancel))
        {
            nodes.Add(new()
            {
                { "node_id", node.Address.Node },
                { "address", node.Address },
                { "task_exec", node.TaskExec },
                { "registered_at", Moment.OfSeconds(node.JoinedAt) },
            });
        }

        call.Show(new Listing("nodes", ["node_id", "address", "task_exec", "registered_at"], nodes));
    }
}
