using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Running;

namespace Membership.Cli.Members;

internal sealed class JoinNetworkVerb : ClientVerb
{
    private readonly Argument<NetworkId> _network = Arguments.Network();
    private readonly Argument<NodeId> _node = Arguments.Node();
    private readonly SecretOption _joinToken = new("--join-token", "the join token of a token network");

    public JoinNetworkVerb()
        : base("member join", "Makes a node a member. For the node itself and admins of the registry.") => Take([_network, _node, .. _joinToken.Options]);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var done = await registry.Client.JoinNetworkAsync(call.Get(_node), call.Get(_network), _joinToken.Read(call), call.Cancel).DoneAsync();
        call.Show(AdmissionFields.Of(done.Answer).With(done.ToFields()));
    }
}
