using System.Buffers;
using Membership.State;
using Membership.Tests.Laws;
using Membership.Tests.Model;

namespace Membership.Tests.Hostile;

/// <summary>A state from a random log, its snapshot, and the entries that follow it.</summary>
internal sealed record Sample(MembershipState State, byte[] Snapshot, IReadOnlyList<LogEntry> Next, IReadOnlyList<byte[]> NextEncoded)
{
    /// <summary>One sample for each of so many logs.</summary>
    public static List<Sample> Of(int firstSeed, int count, int operations) =>
        [.. Enumerable.Range(firstSeed, count).Select(seed => Of(seed, operations))];

    private static Sample Of(int seed, int operations)
    {
        var log = RandomLog.Of(seed, operations);
        var entries = log.Entries.Select(entry => entry.Encode()).ToList();
        var replay = Replay.Founded(log.Limits);
        replay.Apply(entries.Take(entries.Count / 2));
        return new(
            replay.State,
            replay.Snapshot(),
            [.. log.Entries.Skip(entries.Count / 2)],
            [.. entries.Skip(entries.Count / 2).Select(entry => entry.ToArray())]);
    }
}
