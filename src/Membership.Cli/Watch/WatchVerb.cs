using System.CommandLine;
using System.Globalization;
using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;
using Membership.Client;

namespace Membership.Cli.Watch;

internal sealed class WatchVerb : ClientVerb
{
    private readonly Option<ulong?> _from = new("--from-revision")
    {
        Description = "events of this revision and later ones; default is what happens from now on",
        HelpName = "REVISION",
        CustomParser = Parsing.Of<ulong?>(word => Parsing.Number<ulong>(word), "a revision"),
    };

    private readonly Option<NetworkId?> _network = Arguments.NetworkFilter();
    private readonly Option<NodeId?> _about = Arguments.NodeFilter();
    private readonly Option<string[]> _actions = new("--action") { Description = "of this action, such as network.joined; may be given several times", HelpName = "ACTION" };

    private readonly Option<ulong?> _count = new("--count")
    {
        Description = "end after so many",
        HelpName = "N",
        CustomParser = Parsing.Of<ulong?>(word => Parsing.Number<ulong>(word) is { } count and > 0 ? count : null, "a number above 0"),
    };

    public WatchVerb()
        : base("watch", "Follows what happens, a line for each event, until Ctrl-C or --count.") => Take(_from, _network, _about, _actions, _count);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var filter = new WatchFilter { Network = call.Get(_network), Node = call.Get(_about), Actions = call.Get(_actions) ?? [] };
        var left = call.Get(_count) ?? ulong.MaxValue;
        try
        {
            var from = call.Get(_from) ?? await registry.ReadRevisionAsync(call.Cancel) + 1;
            await foreach (var item in registry.Client.WatchAsync(from, filter, call.Cancel))
            {
                call.ShowLine(WatchFields.Of(item), ToText);
                if (--left == 0) return;
            }
        }
        catch (OperationCanceledException) when (call.Cancel.IsCancellationRequested)
        {
            // The way in which a watch ends.
        }
    }

    private static string ToText(Fields item) => item["type"] is WatchFields.Present
        ? string.Create(CultureInfo.InvariantCulture, $"{item["revision"]} events before are gone; present state: networks {TextForm.Of(item["networks"])}")
        : string.Create(CultureInfo.InvariantCulture, $"{item["time"]} {item["revision"]} {item["actor"]} {item["action"]} {TextForm.Of(item["attributes"])}");
}
