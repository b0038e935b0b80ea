using Membership.Events;
using Membership.Formats;
using Membership.Mutations;
using Membership.Mutations.Rules;

namespace Membership;

/// <summary><c>set_task_exec</c>: the task-exec flag of a node.</summary>
/// <param name="Node">The node.</param>
/// <param name="Enabled">The flag.</param>
public sealed record SetTaskExec(NodeId Node, bool Enabled) : Mutation
{
    /// <inheritdoc/>
    public override MutationKind Kind => MutationKind.SetTaskExec;

    internal override ShapeFault? CheckShape() => ShapeFault.Node(Node, "node_id");

    internal override void WriteFields(ref FieldWriter w)
    {
        w.WriteArrayHeader(2);
        w.Write(Node);
        w.Write(Enabled);
    }

    internal static SetTaskExec Read(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(2);
        return new(r.ReadNodeId(), r.ReadBoolean());
    }

    internal override Code Apply(MutationContext c)
    {
        if (ActorGate.NodeOrAdmin(c, Node) is var code and not Code.Ok) return code;
        if (!c.State.TryGetNode(Node, out var node)) return Code.NodeNotFound;

        c.Results = new(Node: Node);
        if (node.TaskExec == Enabled) return Code.Ok;
        c.State.PutNode(Node, node with { TaskExec = Enabled });
        c.Say(new TaskExecChanged(Node, node.TaskExec, Enabled));
        return Code.Ok;
    }
}
