using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;

namespace Membership.Cli.Members;

internal sealed class TransferOwnershipVerb : ClientVerb
{
    private readonly Argument<NetworkId> _network = Arguments.Network();
    private readonly Argument<NodeId> _node = Arguments.Node(description: "the member that owns the network from now on");

    public TransferOwnershipVerb()
        : base("member transfer-ownership", "Gives an enterprise network another owner.") => Take(_network, _node, CommonOptions.Yes);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var (network, node) = (call.Get(_network), call.Get(_node));
        call.Confirm($"node {node} will own network {network}, and the old owner cannot take it back");
        var done = await registry.Client.TransferOwnershipAsync(network, node, call.Cancel).DoneAsync();
        call.Show(new Fields
        {
            { "network_id", done.Answer.Network },
            { "old_owner", done.Answer.OldOwner },
            { "new_owner", done.Answer.NewOwner },
        }.With(done.ToFields()));
    }
}
