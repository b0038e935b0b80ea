using Membership.State;
using Membership.Tests.Model;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Tests.Laws;

/// <summary>The store changes in place what nobody reads: no reader may ever see that.</summary>
public sealed class StoreLawTests(ITestOutputHelper output)
{
    private const int Logs = 60;
    private const int Operations = 120;

    [Fact]
    public void Entries_applied_in_place_make_the_same_state()
    {
        foreach (var (log, _) in RandomLogs())
        {
            var store = new MembershipStore(MembershipState.Founded("laws", log.Limits));
            var pure = Replay.Founded(log.Limits);
            foreach (var entry in log.Entries)
            {
                var bytes = entry.Encode();
                var index = store.AppliedIndex + 1;
                store.Apply(index, term: 1 + index / 7, bytes);
                pure.Apply([bytes]);
                Assert.Equal(pure.State.Digest, store.Summary.Digest);
            }

            Assert.Equal(pure.Snapshot(), SnapshotOf(store.Current));
        }
    }

    [Fact]
    public void A_state_that_a_reader_took_never_changes()
    {
        foreach (var (log, random) in RandomLogs())
        {
            var store = new MembershipStore(MembershipState.Founded("laws", log.Limits));
            var taken = new List<(MembershipState State, byte[] Snapshot)>();
            foreach (var entry in log.Entries)
            {
                var index = store.AppliedIndex + 1;
                store.Apply(index, term: 1, entry.Encode());
                if (random.Next(5) == 0) taken.Add((store.Current, SnapshotOf(store.Current)));
            }

            Assert.All(taken, t =>
            {
                Assert.Equal(t.Snapshot, SnapshotOf(t.State));
                Assert.Empty(Invariants.Check(t.State));
            });
        }
    }

    [Fact]
    public async Task Readers_beside_the_writer_see_whole_entries_alone()
    {
        foreach (var (log, _) in RandomLogs().Take(5))
        {
            var store = new MembershipStore(MembershipState.Founded("laws", log.Limits));
            using var done = new CancellationTokenSource();
            var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(() => Read(store, done.Token))).ToArray();
            foreach (var entry in log.Entries) store.Apply(store.AppliedIndex + 1, term: 1, entry.Encode());
            await done.CancelAsync();
            Assert.All(await Task.WhenAll(readers), read => Assert.True(read > 0));
        }
    }

    // Returns how many states were looked at.
    private static int Read(MembershipStore store, CancellationToken done)
    {
        var last = 0L;
        for (var read = 1; ; read++)
        {
            var isLast = done.IsCancellationRequested;
            var state = store.Current;
            Assert.True(state.AppliedIndex >= last, "a reader went back");
            last = state.AppliedIndex;
            Assert.Empty(Invariants.Check(state));
            if (isLast) return read;
        }
    }

    private IEnumerable<(RandomLog Log, Random Random)> RandomLogs()
    {
        var seed = Environment.GetEnvironmentVariable("MEMBERSHIP_SEED") is { } text ? int.Parse(text, null) : Random.Shared.Next(1_000_000_000);
        output.WriteLine($"{Logs} logs of {Operations} operations, replay: MEMBERSHIP_SEED={seed} dotnet test tests/Membership.Tests --filter StoreLawTests");
        for (var i = 0; i < Logs; i++) yield return (RandomLog.Of(seed + i, Operations), new(seed + i));
    }

    private static byte[] SnapshotOf(MembershipState state)
    {
        var bytes = new MemoryStream();
        Membership.Snapshots.SnapshotWriter.Write(state, bytes);
        return bytes.ToArray();
    }
}
