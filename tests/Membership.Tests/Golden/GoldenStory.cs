using System.Buffers;
using static Membership.Tests.Golden.GoldenValues;

namespace Membership.Tests.Golden;

/// <summary>A log whose state has records of every kind: networks, nodes, members, invites, sessions, freed ids, former keys.</summary>
internal static class GoldenStory
{
    private const long StartMs = 1_763_900_000_000;

    private static readonly NetworkId Ops = new(1);
    private static readonly NetworkId Lab = new(2);
    private static readonly NetworkId Gone = new(3);

    /// <summary>The entries, encoded. A released story is never changed: tell another one.</summary>
    public static byte[][] Log { get; } =
    [
        Entry(
            0,
            Admin(1, new RegisterNode(Key(1))),
            Admin(2, new RegisterNode(Key(2), "böb@corp")),
            Admin(3, new RegisterNode(Key(3))),
            Admin(4, new RegisterNode(Key(4))),
            Signed(Actor.ForKey(Key(5)), 1, 0, new RegisterNode(Key(5)))),
        Entry(
            1000,
            Admin(5, GoldenProposals.Managed with { Creator = new(1) }),
            Admin(6, new CreateNetwork { Creator = new(2), Name = "lab", JoinRule = JoinRule.Invite, Enterprise = true }),
            Admin(7, new CreateNetwork { Creator = new(2), Name = "gone" }),
            Admin(8, new DeleteNetwork(Gone)),
            Admin(9, new SetRbacPreassignments(Ops, [new("BÖB@corp", Role.Member), new("böb@CORP", Role.Admin)]))),
        Entry(
            2000,
            Signed(Actor.ForNode(new(2)), 1, 2, new JoinNetwork(new(2), Ops, new TokenProof(6, Verifier(1).Mac))),
            Signed(Actor.ForNode(new(2)), 2, 2, new JoinNetwork(new(2), Ops, new TokenProof(5, Verifier(1).Mac))),
            Node(1, 1, new SetMemberTags(Ops, new(2), ["web", "db"])),
            Node(1, 2, new SetNetworkPolicy { Network = Ops, MaxMembers = 9, AllowedPorts = [443], Description = "one räck" }),
            Node(1, 3, new SetExprPolicy(Lab, ExprPolicy)),
            Node(2, 3, new SetExprPolicy(Lab, ExprPolicy))),
        Entry(
            2500,
            Node(3, 1, new RotateNodeKey(new(3), Key(33))),
            Node(2, 4, new InviteToNetwork(Lab, new(2), new(3))),
            Node(2, 5, new InviteToNetwork(Lab, new(2), new(4)), settled: 1),
            Signed(Actor.ForNode(new(3), 2), 2, 1, new RespondInvite(new(3), Lab, true)),
            Admin(10, new SetTaskExec(new(4), true)),
            Node(1, 4, new SetNetworkAdminToken(Ops, Verifier(3))),
            By(Actor.NetworkAdmin(Ops, 22), 1, new RenameNetwork(Ops, "infra"))),
        Entry(2400),
    ];

    private static byte[] Entry(long afterMs, params Proposal[] proposals)
    {
        var output = new ArrayBufferWriter<byte>();
        EntryFormat.Write(output, StartMs + afterMs, [.. proposals.Select(proposal => (ReadOnlyMemory<byte>)proposal.Encode())]);
        return output.WrittenSpan.ToArray();
    }

    private static Proposal Admin(ulong sequence, Mutation mutation) => By(Actor.Admin(1), sequence, mutation);

    private static Proposal Node(uint node, ulong sequence, Mutation mutation, ulong? settled = null) =>
        By(Actor.ForNode(new(node)), sequence, mutation) with { Settled = settled };

    private static Proposal Signed(Actor actor, ulong sequence, long afterSeconds, Mutation mutation) =>
        By(actor, sequence, mutation) with { IssuedAt = StartMs / 1000 + afterSeconds };

    private static Proposal By(Actor actor, ulong sequence, Mutation mutation) =>
        new(new(0x0011223344556677, sequence), new(sequence, (ulong)mutation.Kind), actor, mutation);
}
