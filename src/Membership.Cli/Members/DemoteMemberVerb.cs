using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Running;

namespace Membership.Cli.Members;

internal sealed class DemoteMemberVerb : ClientVerb
{
    private readonly Argument<NetworkId> _network = Arguments.Network();
    private readonly Argument<NodeId> _node = Arguments.Node();

    public DemoteMemberVerb()
        : base("member demote", "Makes an admin of an enterprise network a plain member.") => Take(_network, _node);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var done = await registry.Client.DemoteMemberAsync(call.Get(_network), call.Get(_node), call.Cancel).DoneAsync();
        call.Show(MemberFields.Of(done.Answer).With(done.ToFields()));
    }
}
