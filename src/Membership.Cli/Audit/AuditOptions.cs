using System.CommandLine;
using System.Globalization;
using Membership.Audit;
using Membership.Cli.Running;
using Membership.Queries;

namespace Membership.Cli.Audit;

/// <summary>Which audit records: some of it the replicas select, the rest this tool.</summary>
internal sealed class AuditOptions
{
    private const string TimeWords = "a time such as 2026-07-01, 2026-07-01T12:00:00Z, or 2h for two hours ago";

    private readonly Option<NetworkId?> _network = Arguments.NetworkFilter();
    private readonly Option<NodeId?> _about = Arguments.NodeFilter();
    private readonly Option<string> _action = new("--action") { Description = "of this action, such as network.joined", HelpName = "ACTION" };
    private readonly Option<string> _actor = new("--actor") { Description = "of this actor, such as admin:0 or node:5", HelpName = "ACTOR" };
    private readonly Option<DateTimeOffset?> _since = TimeOption("--since", "not before this time: a date, a time, or 2h for two hours ago");
    private readonly Option<DateTimeOffset?> _until = TimeOption("--until", "before this time");

    private readonly Option<ulong?> _from = new("--from-revision")
    {
        Description = "of this revision and later ones; default is the oldest that is held",
        HelpName = "REVISION",
        CustomParser = Parsing.Of<ulong?>(word => Parsing.Number<ulong>(word), "a revision"),
    };

    private readonly Option<RequestId?> _request = new("--request")
    {
        Description = "of this request: what became of one whose outcome is unknown",
        HelpName = "ID",
        CustomParser = Parsing.Of<RequestId?>(word => RequestId.TryParse(word, out var id) ? id : null, "a request id, 32 hex digits"),
    };

    public IEnumerable<Option> All => [_network, _about, _action, _actor, _since, _until, _from, _request];

    /// <summary>What the replicas select.</summary>
    public AuditFilter ToFilter(Call call) =>
        new() { Network = call.Get(_network), Node = call.Get(_about), Action = call.Get(_action), FromRevision = call.Get(_from) };

    /// <summary>Whether the rest selects it, too.</summary>
    public bool Selects(Call call, AuditEntry record) =>
        (call.Get(_actor) is not { } actor || record.Actor == actor)
        && (call.Get(_request) is not { } request || record.RequestId == request)
        && (call.Get(_since) is not { } since || record.Time >= since.ToUnixTimeMilliseconds())
        && (call.Get(_until) is not { } until || record.Time < until.ToUnixTimeMilliseconds());

    private static Option<DateTimeOffset?> TimeOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = Parsing.Of<DateTimeOffset?>(ParseTime, TimeWords),
    };

    private static DateTimeOffset? ParseTime(string word)
    {
        if (Parsing.Duration(word) is { } ago) return DateTimeOffset.UtcNow - ago;
        return DateTimeOffset.TryParse(word, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
    }
}
