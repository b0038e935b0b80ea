using System.Collections.Immutable;

namespace Membership.Tests.Model;

/// <summary>Makes a failing log short enough to read: the shortest failing prefix, then without every entry and step that is not needed.</summary>
internal static class LogShrinker
{
    // A bound on the work, not on the result: each try replays a log.
    private const int TriesMax = 3_000;

    // Stands for a step that is not needed where its revision is: later steps may name tokens by theirs.
    private static readonly Step Nothing = new((Proposal?)null);

    public static List<LogEntry> Shrink(List<LogEntry> log, Func<List<LogEntry>, bool> fails)
    {
        var tries = 0;
        for (var changed = true; changed;)
        {
            changed = false;
            for (var width = Math.Max(1, log.Count / 2); width >= 1; width /= 2)
            {
                for (var at = log.Count - width; at >= 0 && tries++ < TriesMax; at -= width)
                {
                    var shorter = log.Where((_, i) => i < at || i >= at + width).ToList();
                    if (!fails(shorter)) continue;
                    log = shorter;
                    changed = true;
                    at = Math.Min(at, log.Count);
                }
            }

            for (var i = 0; i < log.Count; i++)
            {
                for (var step = log[i].Steps.Length - 1; step >= 0 && tries++ < TriesMax; step--)
                {
                    if (Without(log[i].Steps.RemoveAt(step)) || (log[i].Steps[step] != Nothing && Without(log[i].Steps.SetItem(step, Nothing))))
                        changed = true;
                }

                bool Without(ImmutableArray<Step> steps)
                {
                    var shorter = log.ToList();
                    shorter[i] = log[i] with { Steps = steps };
                    if (!fails(shorter)) return false;
                    log = shorter;
                    return true;
                }
            }
        }

        return log;
    }
}
