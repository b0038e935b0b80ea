using System.Globalization;

namespace Membership.Tests.Scenarios;

/// <summary>Rules of a managed network as a scenario writes them: <c>links=3 cycle=24h prune=1 prune_by=age</c>.</summary>
internal static class RuleSetText
{
    public static RuleSet Parse(string text)
    {
        var a = new Arguments(CommandWords.Split(text));
        var rules = new RuleSet(
            a.Number<uint>("links") ?? 0,
            Duration(a.Required("cycle")),
            a.Number<uint>("prune") ?? 0,
            a.Number<uint>("fill") ?? 0,
            Chosen<PruneBy>(a, "prune_by"),
            Chosen<FillHow>(a, "fill_how"),
            a.Named("grace") is { } grace ? Duration(grace) : null);
        a.End();
        return rules;
    }

    public static string ToText(RuleSet rules)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture, $"links={rules.Links} cycle={rules.Cycle.Text} prune={rules.Prune} fill={rules.Fill}");
        if (rules.PruneBy != PruneBy.Unset) text += $" prune_by={Lower(rules.PruneBy)}";
        if (rules.FillHow != FillHow.Unset) text += $" fill_how={Lower(rules.FillHow)}";
        return rules.Grace is { } grace ? $"{text} grace={grace.Text}" : text;
    }

    private static RuleDuration Duration(string text) => new(text, ScenarioTime.ParseMs(text) * 1_000_000);

    private static T Chosen<T>(Arguments a, string name)
        where T : struct, Enum =>
        a.Named(name) is not { } text ? default
        : Enum.GetValues<T>().Where(value => Lower(value) == text).ToArray() is [var chosen] ? chosen
        : throw new ScenarioException($"{name}={text}: a replica finds this before it proposes; write verdict=rules_invalid");

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
