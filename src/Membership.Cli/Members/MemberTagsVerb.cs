using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;

namespace Membership.Cli.Members;

internal sealed class MemberTagsVerb : ClientVerb
{
    private readonly Argument<NetworkId> _network = Arguments.Network();

    private readonly Argument<NodeId?> _node = new("NODE")
    {
        Description = "a node; without one, every member's tags are shown",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = Parsing.Of<NodeId?>(word => Parsing.Node(word), Parsing.NodeRange),
        DefaultValueFactory = _ => null,
    };

    private readonly Option<string> _set = new("--set")
    {
        Description = "replace them by these: up to 10, each 1 to 32 of a-z 0-9 -, separated by commas; \"\" for none",
        HelpName = "LIST",
    };

    public MemberTagsVerb()
        : base("member tags", "Shows or replaces the tags of a member.") => Take(_network, _node, _set, Freshness.Option);

    protected override Task RunAsync(Call call, Connection registry) => (call.Get(_node), call.Get(_set)) switch
    {
        (null, null) => ShowAllAsync(call, registry),
        ({ } node, null) => ShowAsync(call, registry, node),
        ({ } node, { } tags) => SetAsync(call, registry, node, tags),
        _ => throw ToolException.WrongArgument("--set is for one member, give its node"),
    };

    private async Task ShowAllAsync(Call call, Connection registry)
    {
        var (network, members) = (call.Get(_network), new List<Fields>());
        await foreach (var member in registry.Client.EnumerateMemberTagsAsync(network, Freshness.Of(call), call.Cancel))
            members.Add(new() { { "target_node_id", member.Target }, { "tags", member.Tags } });
        call.Show(new Listing("members", ["target_node_id", "tags"], members) { About = new() { { "network_id", network } } });
    }

    private async Task ShowAsync(Call call, Connection registry, NodeId node)
    {
        var done = await registry.Client.GetMemberTagsAsync(call.Get(_network), node, Freshness.Of(call), call.Cancel).DoneAsync();
        call.Show(MemberFields.Of(done.Answer).With(new Fields { { "revision", done.Revision } }));
    }

    private async Task SetAsync(Call call, Connection registry, NodeId node, string tags)
    {
        var list = tags.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var done = await registry.Client.SetMemberTagsAsync(call.Get(_network), node, list, call.Cancel).DoneAsync();
        call.Show(MemberFields.Of(done.Answer).With(done.ToFields()));
    }
}
