using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;

namespace Membership.Cli.Invites;

internal sealed class SendInviteVerb : ClientVerb
{
    private readonly Argument<NetworkId> _network = Arguments.Network();
    private readonly Argument<NodeId> _target = Arguments.Node("TARGET", "the node to invite");

    private readonly Option<NodeId?> _inviter = new("--inviter")
    {
        Description = "in whose name; default is the node that signs",
        HelpName = "NODE",
        CustomParser = Parsing.Of<NodeId?>(word => Parsing.Node(word), Parsing.NodeRange),
    };

    public SendInviteVerb()
        : base("invite send", "Invites a node to an invite network.") => Take(_network, _target, _inviter);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var inviter = call.Get(_inviter) ?? registry.Node ?? throw ToolException.WrongArgument("an invite is sent by a node, give --inviter");
        var done = await registry.Client.InviteToNetworkAsync(call.Get(_network), inviter, call.Get(_target), call.Cancel).DoneAsync();
        call.Show(new Fields
        {
            { "network_id", done.Answer.Network },
            { "target_node_id", done.Answer.Target },
            { "already_invited", done.Answer.AlreadyInvited },
        }.With(done.ToFields()));
    }
}
