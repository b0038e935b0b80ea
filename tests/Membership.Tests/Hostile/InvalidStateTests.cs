using System.Buffers;
using System.Security.Cryptography;
using Membership.Audit;
using Membership.Sessions;
using Membership.Snapshots;
using Membership.State;
using Membership.Tests.Model;
using Xunit;

namespace Membership.Tests.Hostile;

/// <summary>
/// Snapshots whose checksums, counts and digest are right and whose state is not: each is refused by the number of its invariant.
/// </summary>
public sealed class InvalidStateTests
{
    private static readonly NetworkId One = new(1);
    private static readonly NodeId Owner = new(1), Admin = new(2), Invited = new(3);

    private static readonly Dictionary<string, Action<Draft>> Damages = new()
    {
        ["I1 no owner"] = d => ChangeMember(d, Owner, m => m with { Role = Role.Member }),
        ["I1 two owners"] = d => ChangeMember(d, Admin, m => m with { Role = Role.Owner }),
        ["I2 member not registered"] = d => d.PutMember(One, new(9), new(Role.Member, 1, 1, [])),
        ["I2 member without network"] = d => d.PutMember(new(2), Owner, new(Role.Owner, 1, 1, [])),
        ["I2 target not registered"] = d => d.AddInvite(new(9), One, new(Owner, 1, 1)),
        ["I2 inviter not registered"] = d => d.AddInvite(new(4), One, new(new(9), 1, 1)),
        ["I2 invite without network"] = d => d.AddInvite(Invited, new(2), new(Owner, 1, 1)),
        ["I2 pre-assignment without network"] = d => d.AddPreAssignment(new(2), new("x", Role.Admin)),
        ["I2 policy without network"] = d => d.PutExprPolicy(new(2), new byte[] { 1 }),
        ["I4 member is invited"] = d => d.AddInvite(Admin, One, new(Owner, d.Now, 1)),
        ["I5 over the limit"] = d => ChangeNetwork(d, n => n with { Policy = n.Policy with { MaxMembers = 1 } }),
        ["I6 name invalid"] = d => ChangeNetwork(d, n => n with { Name = "Net\n" }),
        ["I6 name reserved"] = d => ChangeNetwork(d, n => n with { Name = "backbone" }),
        ["I6 name twice"] = d => d.PutNetwork(Network(d) with { Id = new(2) }),
        ["I7 token rule without verifier"] = d => ChangeNetwork(d, n => n with { JoinRule = JoinRule.Token }),
        ["I7 invite rule without enterprise"] = d => ChangeNetwork(d, n => n with { Enterprise = false }),
        ["I7 invite of another rule"] = d => ChangeNetwork(d, n => n with { JoinRule = JoinRule.Open }),
        ["I8 tag invalid"] = d => ChangeMember(d, Owner, m => m with { Tags = ["-"] }),
        ["I8 tag twice"] = d => ChangeMember(d, Owner, m => m with { Tags = ["a", "a"] }),
        ["I9 two members joined at once"] = d => d.PutMember(One, new(4), Member(d, Admin) with { Role = Role.Member }),
        ["I9 two invites arrived at once"] = TwoInvitesAtOnce,
        ["I9 two sessions used at once"] = TwoSessionsAtOnce,
        ["I9 free id of a live network"] = d => d.AddFreedId(1, One),
        ["I9 key of two nodes"] = d => d.PutNode(new(4), NodeOf(d, Owner)),
        ["I9 former key of another's"] = d => d.AddFormerKey(Admin, 7, NodeOf(d, Owner).PublicKey),
        ["I10 node never given out"] = d => d.Counters.LastNodeId = 3,
        ["I10 network never given out"] = d => d.Counters.LastNetworkId = 0,
        ["I10 joined in the future"] = d => ChangeMember(d, Owner, m => m with { JoinRevision = 1_000 }),
        ["I10 invite from the future"] = d => d.AddInvite(new(4), One, new(Owner, d.Now, 1_000)),
        ["I10 no revision left"] = d => d.Counters.Revision = ulong.MaxValue,
        ["I10 used in the future"] = d => d.PutSession(
            new(ActorKind.Admin, 0, default, 77), AnySession(d, lastUse: 1_000)),
        ["I11 audit chain with another head"] = d => d.Counters.AuditHead = default,
        ["I11 audit chain with a record of another chain"] = AnotherChain,
    };

    public static TheoryData<string> Names => [.. Damages.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_snapshot_of_a_state_that_breaks_an_invariant_is_refused_by_its_number(string damage)
    {
        var sound = SoundState();
        Assert.Equal(sound.Digest, Restore(sound).Digest);
        var draft = new Draft(sound);
        Damages[damage](draft);

        var refusal = Assert.Throws<SnapshotFormatException>(() => Restore(draft.Publish(sound.AppliedIndex, sound.AppliedTerm)));
        Assert.Contains($"invariant {damage.Split(' ')[0]}:", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_whose_audit_records_have_a_gap_is_refused()
    {
        var sound = SoundState();
        var draft = new Draft(sound);
        var last = sound.Tables.Audit.From(0).Last();

        // Its place is that of the next one, and it says another number.
        Assert.True(draft.TryRestoreAudit(last.Key + 1, last.Value.Revision, last.Value.Encoded.Span));
        var refusal = Assert.Throws<SnapshotFormatException>(() => Restore(draft.Publish(sound.AppliedIndex, sound.AppliedTerm)));
        Assert.Contains("audit records with a gap", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>A network of an owner and an admin, one invited node, one that is in nothing.</summary>
    private static MembershipState SoundState()
    {
        Mutation[] mutations =
        [
            .. Enumerable.Range(1, 4).Select(i => new RegisterNode(new([.. Enumerable.Repeat((byte)i, 32)]))),
            new CreateNetwork { Creator = Owner, Name = "net", Enterprise = true },
            new JoinNetwork(Admin, One),
            new PromoteMember(One, Admin),
            new SetJoinRule(One, JoinRule.Invite),
            new InviteToNetwork(One, Owner, Invited),
        ];
        var steps = mutations.Select((mutation, i) => new Step(new Proposal(new(1, (ulong)i + 1), default, Actor.Admin(), mutation)));
        var applied = StateMachine.Apply(
            MembershipState.Founded("invalid"), index: 1, term: 1, new LogEntry(1_700_000_000_000, [.. steps]).Encode());
        Assert.All(applied.Outcomes, outcome => Assert.True(outcome.IsOk));
        return applied.State;
    }

    private static MembershipState Restore(MembershipState state)
    {
        var bytes = new MemoryStream();
        SnapshotWriter.Write(state, bytes);
        bytes.Position = 0;
        return SnapshotReader.Read(bytes, state.Limits);
    }

    private static void TwoInvitesAtOnce(Draft d)
    {
        Assert.True(d.TryGetHeldInvite(Invited, One, out var invite));
        d.PutNetwork(Network(d) with { Id = new(2), Name = "other" });
        d.Counters.LastNetworkId = 2;
        d.AddInvite(Invited, new(2), invite);
    }

    private static void TwoSessionsAtOnce(Draft d)
    {
        d.PutSession(new(ActorKind.Admin, 0, default, 77), AnySession(d, lastUse: 1));
        d.PutSession(new(ActorKind.Admin, 0, default, 78), AnySession(d, lastUse: 1));
    }

    // A record more, behind one that it does not name; and the head is that record's.
    private static void AnotherChain(Draft d)
    {
        var last = d.Publish(1, 1).Tables.Audit.From(0).Last();
        var entry = AuditRecordFormat.Decode(last.Value.Encoded) with { Number = last.Key + 1 };
        var encoded = new ArrayBufferWriter<byte>();
        AuditRecordFormat.Encode(encoded, entry);
        Assert.True(d.TryRestoreAudit(entry.Number, entry.Revision, encoded.WrittenSpan));
        d.Counters.LastAuditNumber = entry.Number;
        d.Counters.AuditHead = new(SHA256.HashData(encoded.WrittenSpan));
    }

    private static Network Network(Draft d)
    {
        Assert.True(d.TryGetNetwork(One, out var network));
        return network;
    }

    private static void ChangeNetwork(Draft d, Func<Network, Network> change) => d.PutNetwork(change(Network(d)));

    private static Member Member(Draft d, NodeId node)
    {
        Assert.True(d.TryGetMember(One, node, out var member));
        return member;
    }

    private static void ChangeMember(Draft d, NodeId node, Func<Member, Member> change) =>
        d.PutMember(One, node, change(Member(d, node)));

    private static Node NodeOf(Draft d, NodeId id)
    {
        Assert.True(d.TryGetNode(id, out var node));
        return node;
    }

    private static Session AnySession(Draft d, ulong lastUse)
    {
        Assert.True(d.Tables.Sessions.TryGetFirst(out var session));
        return new(owner: null, session.Value) { LastUseRevision = lastUse };
    }
}
