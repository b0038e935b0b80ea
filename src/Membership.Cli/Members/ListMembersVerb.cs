using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;

namespace Membership.Cli.Members;

internal sealed class ListMembersVerb : ClientVerb
{
    private static readonly string[] Columns = ["node_id", "address", "role", "member_tags", "task_exec", "joined_at"];

    private readonly Argument<NetworkId> _network = Arguments.Network();

    public ListMembersVerb()
        : base("member list", "Lists a network's members in the order of joining.") => Take(_network, Freshness.Option);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var (network, members) = (call.Get(_network), new List<Fields>());
        await foreach (var member in registry.Client.EnumerateNodesAsync(network, Freshness.Of(call), call.Cancel))
        {
            members.Add(new()
            {
                { "node_id", member.Address.Node },
                { "address", member.Address },
                { "role", member.Role == Role.None ? null : member.Role.ToText() },
                { "member_tags", member.Tags },
                { "task_exec", member.TaskExec },
                { "joined_at", Moment.OfSeconds(member.JoinedAt) },
            });
        }

        call.Show(new Listing("nodes", Columns, members) { About = new() { { "network_id", network } } });
    }
}
