using System.Buffers;
using System.Security.Cryptography;
using Membership.Audit;
using Membership.Events;
using Membership.Formats;
using Membership.Snapshots;
using Membership.State;
using Xunit;

namespace Membership.Tests.Golden;

/// <summary>
/// What released versions have written is read, and written again byte for byte: mutations, entries, audit records, snapshots.
/// </summary>
public sealed class GoldenTests
{
    private const long EntryTimeMs = 1_763_900_000_123;

    private static readonly StateCheckpoint Checkpoint = new(123_456_789, new(new(0x0123456789abcdef, 0xfedcba9876543210)));

    public static TheoryData<string> Proposals => [.. GoldenProposals.All.Keys];

    public static TheoryData<string> Events => [.. GoldenEvents.All.Keys];

    public static TheoryData<string> MutationFiles => [.. GoldenFile.Names("mutation.")];

    public static TheoryData<string> EventFiles => [.. GoldenFile.Names("event.")];

    [Theory]
    [MemberData(nameof(Proposals))]
    public void A_proposal_is_written_as_ever(string name) =>
        GoldenFile.Demand($"mutation.{name}", GoldenProposals.All[name].Encode());

    [Theory]
    [MemberData(nameof(MutationFiles))]
    public void A_mutation_is_read_and_written_again(string file)
    {
        var bytes = GoldenFile.Read(file);
        var (hasHeader, header, mutation, fault) = ProposalFormat.Read(bytes, MembershipState.NewestVersion);
        Assert.True(hasHeader && mutation is not null, fault.ToString());
        Assert.StartsWith($"mutation.{header.Kind.ToText()}.", file, StringComparison.Ordinal);

        var read = new Proposal(header.RequestId, header.Fingerprint, header.Actor, mutation)
        {
            Settled = header.Settled,
            IssuedAt = header.IssuedAt,
        };
        Assert.Equal(Convert.ToHexStringLower(bytes), Convert.ToHexStringLower(read.Encode()));
    }

    [Fact]
    public void Every_kind_of_mutation_and_every_kind_of_actor_has_a_golden_file()
    {
        foreach (var kind in Enum.GetValues<MutationKind>())
            Assert.Contains(GoldenFile.Names("mutation."), file => file.StartsWith($"mutation.{kind.ToText()}.", StringComparison.Ordinal));
        var actors = GoldenProposals.All.Values.Select(proposal => proposal.Actor.Kind).Distinct().Order();
        Assert.Equal([ActorKind.Admin, ActorKind.NetworkAdmin, ActorKind.Node, ActorKind.Key], actors);
    }

    [Fact]
    public void An_entry_is_written_as_ever()
    {
        GoldenFile.Demand("entry.clock", Entry());
        GoldenFile.Demand("entry.three_mutations", Entry("register_node.by_key", "create_network.most", "respond_invite.accept"));
        GoldenFile.Demand("entry.checkpoint", Written(output => EntryFormat.WriteCheckpoint(output, Checkpoint)));
        GoldenFile.Demand("entry.state_version", Written(output => EntryFormat.WriteStateVersion(output, 2)));
    }

    // A buffer that is too small at first, and one in which an entry before left more.
    [Fact]
    public void The_mutations_of_an_entry_are_its_own_whatever_the_buffer_held()
    {
        var (buffer, bytes) = (new ReadOnlyMemory<byte>[1], GoldenFile.Read("entry.three_mutations"));
        Assert.True(EntryFormat.TryRead(new(bytes), Limits.Production, ref buffer, out var three));
        Assert.Equal(3, Assert.NotNull(three.Batch).Mutations.Count);
        Assert.True(EntryFormat.TryRead(new(GoldenFile.Read("entry.clock")), Limits.Production, ref buffer, out var none));
        Assert.Equal(0, Assert.NotNull(none.Batch).Mutations.Count);
    }

    [Fact]
    public void The_entries_of_the_leader_are_read()
    {
        Assert.Equal(new EntryFrame(null, Checkpoint, null), FrameOf(GoldenFile.Read("entry.checkpoint")));
        Assert.Equal(new EntryFrame(null, null, 2), FrameOf(GoldenFile.Read("entry.state_version")));
    }

    [Theory]
    [InlineData("entry.clock", 0)]
    [InlineData("entry.three_mutations", 3)]
    public void An_entry_is_read_and_written_again(string file, int mutations)
    {
        var bytes = GoldenFile.Read(file);
        var batch = Assert.NotNull(FrameOf(bytes).Batch);
        Assert.Equal((EntryTimeMs, mutations), (batch.Time, batch.Mutations.Count));

        var output = new ArrayBufferWriter<byte>();
        EntryFormat.Write(output, batch.Time, [.. batch.Mutations.Select(mutation => (ReadOnlyMemory<byte>)mutation.ToArray())]);
        Assert.Equal(bytes, output.WrittenSpan.ToArray());
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void An_audit_record_is_written_as_ever(string name)
    {
        var counters = new Counters { LastAuditNumber = 299, AuditHead = new(GoldenValues.Run(1, AuditHash.Length)) };
        var record = Record(ref counters, GoldenEvents.All[name], Actor.ForNode(new(70_000)), "owner", GoldenValues.Id);
        GoldenFile.Demand($"event.{name}", record);
    }

    [Fact]
    public void The_first_audit_record_and_those_of_the_sweep_are_written_as_ever()
    {
        var counters = default(Counters);
        var first = Record(ref counters, new NodeRegistered(new(1)), Actor.ForKey(GoldenValues.Key(7)), "key", GoldenValues.Id);
        var second = Record(ref counters, new InviteExpired(new(1), new(2)), Actor.System, "system", requestId: null);
        GoldenFile.Demand("chain.two_records", first, second);
    }

    [Theory]
    [MemberData(nameof(EventFiles))]
    public void An_audit_record_is_read(string file)
    {
        var entry = AuditRecordFormat.Decode(GoldenFile.Read(file));
        Assert.StartsWith($"event.{entry.Action}", file, StringComparison.Ordinal);
        Assert.Equal((300ul, 42ul, EntryTimeMs), (entry.Number, entry.Revision, entry.Time));
        Assert.Equal(("node:70000", "owner", GoldenValues.Id), (entry.Actor, entry.ActorRole, entry.RequestId));
        Assert.Equal(GoldenValues.Run(1, AuditHash.Length), entry.PreviousHash.ToArray());
        Assert.NotEmpty(entry.Attributes);
    }

    [Fact]
    public void Audit_records_are_chained_by_the_hash_of_their_bytes()
    {
        var records = GoldenFile.ReadLines("chain.two_records");
        Assert.Empty(AuditRecordFormat.Decode(records[0]).PreviousHash.ToArray());
        Assert.Equal(
            SHA256.HashData(records[0]),
            AuditRecordFormat.Decode(records[1]).PreviousHash.ToArray());
        Assert.Null(AuditRecordFormat.Decode(records[1]).RequestId);
    }

    [Fact]
    public void Every_kind_of_event_has_a_golden_file()
    {
        var kinds = typeof(Event).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Event)) && !type.IsAbstract);
        Assert.Equal(
            kinds.Select(type => type.Name).Order(StringComparer.Ordinal),
            GoldenEvents.All.Values.Select(e => e.GetType().Name).Distinct().Order(StringComparer.Ordinal));
        Assert.All(GoldenEvents.All, pair => Assert.StartsWith(pair.Value.Action, pair.Key, StringComparison.Ordinal));
    }

    [Fact]
    public void A_released_log_leads_to_the_released_snapshot()
    {
        GoldenFile.Demand("story.log", GoldenStory.Log);
        GoldenFile.Demand("story.snapshot", Snapshot(Play(GoldenStory.Log)));
    }

    [Fact]
    public void A_snapshot_is_read_as_the_state_that_its_log_leads_to()
    {
        var state = SnapshotReader.Read(new MemoryStream(GoldenFile.Read("story.snapshot")));
        Assert.Equal(Play(GoldenFile.ReadLines("story.log")).Digest, state.Digest);
    }

    [Fact]
    public void A_snapshot_is_written_again()
    {
        var bytes = GoldenFile.Read("story.snapshot");
        var state = SnapshotReader.Read(new MemoryStream(bytes));
        Assert.Equal(Convert.ToHexStringLower(bytes), Convert.ToHexStringLower(Snapshot(state)));
    }

    [Fact]
    public void The_snapshot_holds_every_kind_of_record()
    {
        var t = SnapshotReader.Read(new MemoryStream(GoldenFile.Read("story.snapshot"))).Tables;
        int[] counts =
        [
            t.Networks.Count, t.ExprPolicies.Count, t.PreAssignments.Count, t.FreedIds.Count, t.Nodes.Count, t.FormerKeys.Count,
            t.Members.Count, t.Invites.Count, t.Sessions.Count, t.Audit.Count,
        ];
        Assert.DoesNotContain(0, counts);
    }

    [Fact]
    public void The_story_goes_as_it_is_meant()
    {
        var codes = new List<Code>();
        var state = MembershipState.Founded("golden");
        foreach (var entry in GoldenStory.Log)
        {
            var applied = StateMachine.Apply(state, state.AppliedIndex + 1, term: 1, new(entry));
            codes.AddRange(applied.Outcomes.Select(outcome => outcome.Code));
            state = applied.State;
        }

        Assert.Equal([Code.StaleCredential, Code.ActorNotAMember], codes.Where(code => code != Code.Ok));
        Assert.Equal((23ul, 4, 5, 2), (state.Revision, state.MemberCount, state.NodeCount, state.NetworkCount));
    }

    private static byte[] Entry(params string[] proposals) => Written(output =>
        EntryFormat.Write(output, EntryTimeMs, [.. proposals.Select(name => (ReadOnlyMemory<byte>)GoldenProposals.All[name].Encode())]));

    private static byte[] Written(Action<ArrayBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Record(ref Counters counters, Event e, Actor actor, string actorRole, RequestId? requestId) =>
        new AuditChain().Append(ref counters, new(42, EntryTimeMs, actor, actorRole, requestId, e)).ToArray();

    private static MembershipState Play(byte[][] log)
    {
        var state = MembershipState.Founded("golden");
        foreach (var entry in log) state = StateMachine.Apply(state, state.AppliedIndex + 1, term: 1, new(entry)).State;
        return state;
    }

    private static byte[] Snapshot(MembershipState state)
    {
        using var stream = new MemoryStream();
        SnapshotWriter.Write(state, stream);
        return stream.ToArray();
    }

    private static EntryFrame FrameOf(byte[] bytes)
    {
        ReadOnlyMemory<byte>[] buffer = [];
        Assert.True(EntryFormat.TryRead(new(bytes), Limits.Production, ref buffer, out var frame));
        return frame;
    }
}
