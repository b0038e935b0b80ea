using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;

namespace Membership.Cli.Invites;

internal sealed class RevokeInviteVerb : ClientVerb
{
    private readonly Argument<NetworkId> _network = Arguments.Network();
    private readonly Argument<NodeId> _target = Arguments.Node("TARGET", "the node that was invited");

    public RevokeInviteVerb()
        : base("invite revoke", "Takes an invite back.") => Take(_network, _target);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var done = await registry.Client.RevokeInviteAsync(call.Get(_network), call.Get(_target), call.Cancel).DoneAsync();
        call.Show(new Fields { { "network_id", done.Answer.Network }, { "target_node_id", done.Answer.Target } }.With(done.ToFields()));
    }
}
