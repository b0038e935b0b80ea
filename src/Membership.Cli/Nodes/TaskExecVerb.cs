using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;

namespace Membership.Cli.Nodes;

internal sealed class TaskExecVerb : ClientVerb
{
    private readonly Argument<NodeId> _node = Arguments.Node();
    private readonly Argument<bool> _enabled = Arguments.Switch("whether it executes tasks");

    public TaskExecVerb()
        : base("node task-exec", "Sets a node's task-exec flag. For the node itself and admins of the registry.") => Take(_node, _enabled);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var done = await registry.Client.SetTaskExecAsync(call.Get(_node), call.Get(_enabled), call.Cancel).DoneAsync();
        call.Show(new Fields { { "node_id", done.Answer.Node }, { "task_exec", done.Answer.TaskExec } }.With(done.ToFields()));
    }
}
