using System.CommandLine;
using Membership.Cli.Running;
using Membership.Client;
using Membership.Protocol.Requests;

namespace Membership.Cli.Connections;

/// <summary>How fresh a reading must be.</summary>
internal static class Freshness
{
    /// <summary>Of every verb that reads the state.</summary>
    public static Option<Consistency?> Option { get; } = new("--consistency")
    {
        Description = "linearizable (default), leader, or stale: what one replica holds, with or without a leader",
        HelpName = "linearizable|leader|stale",
        CustomParser = Parsing.Of<Consistency?>(Parse, "linearizable, leader or stale"),
    };

    /// <summary>As it was given.</summary>
    public static QueryOptions Of(Call call) => new() { Consistency = call.Get(Option) ?? Consistency.Linearizable };

    private static Consistency? Parse(string word) => word switch
    {
        "linearizable" => Consistency.Linearizable,
        "leader" => Consistency.Leader,
        "stale" => Consistency.Stale,
        _ => null,
    };
}
