using System.Buffers;
using System.Collections.Immutable;
using Membership.Events;
using Membership.State;

namespace Membership.Cluster.Tests.Watching;

/// <summary>Applied entries with as many events at each revision as a test likes.</summary>
internal static class Entries
{
    /// <summary>The greatest revision that <see cref="StateAt"/> knows.</summary>
    public const int RevisionMax = 2_000;

    private static readonly ImmutableArray<MembershipState> States = [.. Rising()];

    /// <summary>A state of this revision.</summary>
    public static MembershipState StateAt(ulong revision) => States[(int)revision];

    /// <summary>An entry behind the revision before it, with so many events at each of its revisions.</summary>
    public static AppliedEntry After(ulong revision, params IEnumerable<int> eventsOfEach)
    {
        var events = ImmutableArray.CreateBuilder<AppliedEvent>();
        foreach (var count in eventsOfEach)
        {
            revision++;
            for (var i = 0; i < count; i++) events.Add(Event(revision, i));
        }

        return new(StateAt(revision), [], events.DrainToImmutable(), IsReadable: true);
    }

    /// <summary>An event that knows its revision and its place in it.</summary>
    public static AppliedEvent Event(ulong revision, int index) =>
        new(revision, 0, Actor.System, "system", null, new NodeKeyRotated(new((uint)revision), (uint)index));

    // A mutation that is rejected takes a revision and nothing else.
    private static IEnumerable<MembershipState> Rising()
    {
        var store = new MembershipStore(MembershipState.Founded("rising"));
        yield return store.Current;
        for (var i = 1; i <= RevisionMax; i++)
        {
            var entry = new ArrayBufferWriter<byte>();
            EntryFormat.Write(entry, 1, [new Proposal(new(1, (ulong)i), default, Actor.System, new DeleteNetwork(new(1))) { Settled = (ulong)i - 1 }.Encode()]);
            yield return store.Apply(i, 1, new(entry.WrittenMemory)).State;
        }
    }
}
