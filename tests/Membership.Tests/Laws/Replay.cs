using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Membership.Snapshots;
using Membership.State;
using Membership.Tests.Model;

namespace Membership.Tests.Laws;

/// <summary>Encoded entries on their way through the state machine; what came of them can be compared with another way.</summary>
internal sealed class Replay(MembershipState state)
{
    private readonly ImmutableArray<Outcome>.Builder _outcomes = ImmutableArray.CreateBuilder<Outcome>();

    public MembershipState State { get; private set; } = state;

    public IReadOnlyList<Outcome> Outcomes => _outcomes;

    public static Replay Founded(Limits limits) => new(MembershipState.Founded("laws", limits));

    /// <summary>A replica that got this snapshot instead of the entries before it.</summary>
    public static Replay Restored(byte[] snapshot, Limits limits) =>
        new(SnapshotReader.Read(new MemoryStream(snapshot, writable: false), limits));

    public void Apply(IEnumerable<ReadOnlySequence<byte>> entries)
    {
        foreach (var entry in entries)
        {
            // A term lasts seven entries here, so that snapshots hold others than the first.
            var index = State.AppliedIndex + 1;
            var applied = StateMachine.Apply(State, index, term: 1 + index / 7, entry);
            State = applied.State;
            _outcomes.AddRange(applied.Outcomes);
        }
    }

    public byte[] Snapshot()
    {
        var bytes = new MemoryStream();
        SnapshotWriter.Write(State, bytes);
        return bytes.ToArray();
    }

    /// <summary>One line that stands for the outcomes, the digest and every byte of the snapshot after these logs.</summary>
    public static string FingerprintOf(int firstSeed, int logs, int operations)
    {
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var seed = firstSeed; seed < firstSeed + logs; seed++)
        {
            var log = RandomLog.Of(seed, operations);
            var replay = Founded(log.Limits);
            replay.Apply(log.Entries.Select(entry => entry.Encode()));
            foreach (var outcome in replay.Outcomes)
                sum.AppendData(BitConverter.GetBytes((ulong)outcome.Code << 32 ^ outcome.Revision));
            sum.AppendData(BitConverter.GetBytes((ulong)replay.State.Digest.Value));
            sum.AppendData(replay.Snapshot());
        }

        return Convert.ToHexString(sum.GetHashAndReset());
    }

    /// <summary>The test assembly as a program: prints <see cref="FingerprintOf"/> for its three arguments.</summary>
    public static void Main(string[] arguments)
    {
        var numbers = arguments.Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        Console.WriteLine(FingerprintOf(numbers[0], numbers[1], numbers[2]));
    }
}
