using System.Buffers;
using Membership.State;

namespace Membership.Cluster.Tests.Snapshots;

/// <summary>States made by the state machine itself.</summary>
internal static class SampleStates
{
    public const string ClusterId = "alpha";
    public const long Term = 3;

    /// <summary>The state after so many entries, each registering a node.</summary>
    public static MembershipState After(int entries) => Extend(MembershipState.Founded(ClusterId), entries);

    /// <summary>Applies entries until the applied index is <paramref name="index"/>.</summary>
    public static MembershipState Extend(MembershipState state, int index)
    {
        for (var i = (int)state.AppliedIndex + 1; i <= index; i++) state = StateMachine.Apply(state, i, Term, EntryOf(i)).State;
        return state;
    }

    private static ReadOnlySequence<byte> EntryOf(int i)
    {
        var proposal = new Proposal(new(7, (ulong)i), default, Actor.Admin(), new RegisterNode(KeyOf(i)))
        {
            Settled = (ulong)i - 1,
        };
        var entry = new ArrayBufferWriter<byte>();
        EntryFormat.Write(entry, 1_700_000_000_000 + i, [proposal.Encode()]);
        return new(entry.WrittenMemory);
    }

    private static PublicKey KeyOf(int i)
    {
        // Bytes that do not compress, so that a state of many nodes makes a file of many chunks.
        var bytes = new byte[PublicKey.Length];
        new Random(i).NextBytes(bytes);
        return new(bytes);
    }
}
