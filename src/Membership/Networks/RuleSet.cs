namespace Membership;

/// <summary>What a managed network prunes its links by.</summary>
public enum PruneBy : byte
{
    /// <summary>The rules do not say.</summary>
    Unset = 0,

    /// <summary>By <c>score</c>.</summary>
    Score = 1,

    /// <summary>By <c>age</c>.</summary>
    Age = 2,

    /// <summary>By <c>activity</c>.</summary>
    Activity = 3,
}

/// <summary>How a managed network fills its links.</summary>
public enum FillHow : byte
{
    /// <summary>The rules do not say.</summary>
    Unset = 0,

    /// <summary>At <c>random</c>.</summary>
    Random = 1,
}

/// <summary>A duration as it was written, in Go's syntax, with its value.</summary>
/// <param name="Text">Such as <c>24h</c> or <c>1h30m</c>; handed out as given.</param>
/// <param name="Nanoseconds">What it says.</param>
public readonly record struct RuleDuration(string Text, long Nanoseconds);

/// <summary>The rules of a managed network, parsed and checked before they are proposed.</summary>
/// <param name="Links">At least 1.</param>
/// <param name="Cycle">At least one minute.</param>
/// <param name="Prune">0 to <paramref name="Links"/>.</param>
/// <param name="Fill">0 to <paramref name="Links"/>.</param>
/// <param name="PruneBy">What to prune by.</param>
/// <param name="FillHow">How to fill.</param>
/// <param name="Grace">At least 0, when given.</param>
/// <remarks>Source: command specification, section 1.</remarks>
public sealed record RuleSet(
    uint Links, RuleDuration Cycle, uint Prune, uint Fill, PruneBy PruneBy, FillHow FillHow, RuleDuration? Grace)
{
    /// <summary>Whether the typed rules keep every limit, in the order links, cycle, prune, fill, prune_by, fill_how, grace.</summary>
    internal bool IsValid(Limits limits) =>
        Links >= 1
        && Cycle.Nanoseconds >= limits.RulesCycleNsMin
        && Prune <= Links
        && Fill <= Links
        && PruneBy <= PruneBy.Activity
        && FillHow <= FillHow.Random
        && Grace is not { Nanoseconds: < 0 }
        && Cycle.Text.Length + (Grace?.Text.Length ?? 0) <= limits.RulesBytesMax;
}
