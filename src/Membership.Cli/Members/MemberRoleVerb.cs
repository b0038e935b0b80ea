using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;

namespace Membership.Cli.Members;

internal sealed class MemberRoleVerb : ClientVerb
{
    private readonly Argument<NetworkId> _network = Arguments.Network();
    private readonly Argument<NodeId> _node = Arguments.Node();

    public MemberRoleVerb()
        : base("member role", "Shows a member's role.") => Take(_network, _node, Freshness.Option);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var done = await registry.Client.GetMemberRoleAsync(call.Get(_network), call.Get(_node), Freshness.Of(call), call.Cancel).DoneAsync();
        call.Show(MemberFields.Of(done.Answer).With(new Fields { { "revision", done.Revision } }));
    }
}
