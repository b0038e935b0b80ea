using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;
using Membership.Client;

namespace Membership.Cli.Networks;

internal sealed class NetworkPolicyVerb : ClientVerb
{
    private readonly Argument<NetworkId> _network = Arguments.Network();

    private readonly Option<uint?> _maxMembers = new("--max-members")
    {
        Description = "0 to 10000; 0 for no limit",
        HelpName = "N",
        CustomParser = Parsing.Of<uint?>(word => Parsing.Number<uint>(word), "a number, 0 to 10000"),
    };

    private readonly Option<IReadOnlyList<uint>?> _ports = new("--allowed-ports")
    {
        Description = "up to 100, each 1 to 65535, separated by commas; \"\" for none",
        HelpName = "LIST",
        CustomParser = Parsing.Of<IReadOnlyList<uint>?>(ParsePorts, "a list of ports such as 80,443"),
    };

    private readonly Option<string> _description = new("--description") { Description = "up to 256 bytes of text", HelpName = "TEXT" };

    public NetworkPolicyVerb()
        : base("network policy", "Shows a network's policy, or changes what is given of it.") =>
        Take(_network, _maxMembers, _ports, _description, Freshness.Option);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var network = call.Get(_network);
        if (!call.Has(_maxMembers) && !call.Has(_ports) && !call.Has(_description))
        {
            var read = await registry.Client.GetNetworkPolicyAsync(network, Freshness.Of(call), call.Cancel).DoneAsync();
            call.Show(NetworkFields.Of(network, read.Answer.Policy).With(new Fields { { "revision", read.Revision } }));
            return;
        }

        var change = new PolicyChange { MaxMembers = call.Get(_maxMembers), AllowedPorts = call.Get(_ports), Description = call.Get(_description) };
        var done = await registry.Client.SetNetworkPolicyAsync(network, change, call.Cancel).DoneAsync();
        call.Show(NetworkFields.Of(network, done.Answer.Policy).With(done.ToFields()));
    }

    private static List<uint>? ParsePorts(string list)
    {
        var words = list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var ports = words.Select(Parsing.Number<uint>).OfType<uint>().ToList();
        return ports.Count == words.Length ? ports : null;
    }
}
