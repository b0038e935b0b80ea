using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;

namespace Membership.Cli.Nodes;

internal sealed class GetNodeVerb : ClientVerb
{
    private readonly Argument<NodeId> _node = Arguments.Node();

    public GetNodeVerb()
        : base("node get", "Shows a node.") => Take(_node, Freshness.Option);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var done = await registry.Client.GetNodeAsync(call.Get(_node), Freshness.Of(call), call.Cancel).DoneAsync();
        call.Show(new Fields
        {
            { "node_id", done.Answer.Node },
            { "public_key", done.Answer.PublicKey },
            { "key_version", done.Answer.KeyVersion },
            { "task_exec", done.Answer.TaskExec },
            { "registered_at", Moment.OfSeconds(done.Answer.RegisteredAt) },
            { "networks", done.Answer.Networks },
            { "external_id", done.Answer.ExternalId },
            { "revision", done.Revision },
        });
    }
}
