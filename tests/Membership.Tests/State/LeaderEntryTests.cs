using System.Buffers;
using Membership.Snapshots;
using Membership.State;
using Membership.Tests.Golden;
using Xunit;

namespace Membership.Tests.State;

/// <summary>The entries that a leader makes of itself: checkpoints and state versions.</summary>
public sealed class LeaderEntryTests
{
    private static readonly Limits Two = Limits.Production with { NewestStateVersion = 2 };

    [Fact]
    public void A_checkpoint_says_what_it_says_and_changes_nothing_but_the_index()
    {
        var state = Played(Limits.Production);
        var checkpoint = new StateCheckpoint(state.AppliedIndex, new(42));
        var applied = Apply(state, output => EntryFormat.WriteCheckpoint(output, checkpoint));
        Assert.Equal((true, checkpoint), (applied.IsReadable, applied.Checkpoint));
        Assert.Empty(applied.Outcomes);
        Assert.Empty(applied.Events);
        Assert.Equal(
            (state.Digest, state.Revision, state.ClusterTime, state.AppliedIndex + 1),
            (applied.State.Digest, applied.State.Revision, applied.State.ClusterTime, applied.State.AppliedIndex));
    }

    [Fact]
    public void A_cluster_begins_with_version_1_whatever_its_founders_know() =>
        Assert.Equal((1u, MembershipState.Founded("c").Digest), (MembershipState.Founded("c", Two).Version, MembershipState.Founded("c", Two).Digest));

    [Fact]
    public void A_version_is_raised_without_a_revision_and_never_lowered()
    {
        var state = Played(Two);
        var raised = Apply(state, output => EntryFormat.WriteStateVersion(output, 2)).State;
        Assert.Equal((2u, state.Revision), (raised.Version, raised.Revision));
        Assert.NotEqual(state.Digest, raised.Digest);
        Assert.Empty(Invariants.Check(raised));

        foreach (var older in new uint[] { 0, 1, 2 })
        {
            var after = Apply(raised, output => EntryFormat.WriteStateVersion(output, older)).State;
            Assert.Equal((2u, raised.Digest), (after.Version, after.Digest));
        }
    }

    [Fact]
    public void A_library_that_does_not_know_a_version_stops_at_its_entry_at_its_state_and_at_its_snapshot()
    {
        var raised = Apply(Played(Two), output => EntryFormat.WriteStateVersion(output, 2)).State;
        var stream = new MemoryStream();
        SnapshotWriter.Write(raised, stream);
        stream.Position = 0;
        Assert.Equal(raised.Digest, SnapshotReader.Read(stream, Two).Digest);
        stream.Position = 0;

        AssertUnsupported(() => Apply(Played(Limits.Production), output => EntryFormat.WriteStateVersion(output, 2)));
        AssertUnsupported(() => SnapshotReader.Read(stream, Limits.Production));
        var unknown = new MembershipState(raised.Tables, raised.Counters, raised.RecordSum, Limits.Production, raised.AppliedIndex, 1);
        AssertUnsupported(() => Apply(unknown, output => EntryFormat.Write(output, 0, [])));
    }

    [Fact]
    public void A_kind_that_is_not_in_force_is_rejected_as_one_that_the_library_does_not_have()
    {
        // No kind is newer than version 1 yet, so this state is older than all of them.
        var draft = new Draft(Played(Limits.Production));
        draft.Counters.StateVersion = 0;
        var before = draft.Publish(10, 1);
        var known = GoldenProposals.All["register_node.by_admin"].Encode();
        var unknown = known.ToArray();
        Assert.Equal((byte)MutationKind.RegisterNode, unknown[1]);
        unknown[1] = 99;

        var (rejected, foreign) = (ApplyOne(before, known), ApplyOne(before, unknown));
        Assert.Equal((Code.UnknownCommand, before.Revision + 1), (rejected.Outcomes[0].Code, rejected.Outcomes[0].Revision));
        Assert.Equal(foreign.State.Digest, rejected.State.Digest);
        Assert.Equal(before.NodeCount, rejected.State.NodeCount);
    }

    [Theory]
    [InlineData("92 02 01")]
    [InlineData("93 02 01 c4 0f 000000000000000000000000000000")]
    [InlineData("93 02 c0 c4 10 00000000000000000000000000000000")]
    [InlineData("93 02 01 c4 10 00000000000000000000000000000000 00")]
    [InlineData("93 03 02 c0")]
    [InlineData("92 03 a1 32")]
    [InlineData("92 03 ff")]
    [InlineData("92 03")]
    [InlineData("92 00 01")]
    public void Bytes_that_are_nearly_one_change_nothing(string hex)
    {
        var state = Played(Two);
        var applied = StateMachine.Apply(state, state.AppliedIndex + 1, 1, new(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))));
        Assert.Equal((false, state.Digest, null), (applied.IsReadable, applied.State.Digest, applied.Checkpoint));
    }

    private static MembershipState Played(Limits limits)
    {
        var state = MembershipState.Founded("golden", limits);
        foreach (var entry in GoldenStory.Log) state = StateMachine.Apply(state, state.AppliedIndex + 1, term: 1, new(entry)).State;
        return state;
    }

    private static Transition ApplyOne(MembershipState state, ReadOnlyMemory<byte> proposal) =>
        Apply(state, output => EntryFormat.Write(output, state.ClusterTime, [proposal]));

    private static Transition Apply(MembershipState state, Action<ArrayBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return StateMachine.Apply(state, state.AppliedIndex + 1, 1, new(output.WrittenMemory));
    }

    private static void AssertUnsupported(Action action)
    {
        var e = Assert.Throws<UnsupportedFormatException>(action);
        Assert.Equal((2ul, 1ul), (e.Format, e.Newest));
    }
}
