using BenchmarkDotNet.Attributes;
using Membership.Benchmarks.Core;
using Membership.Snapshots;
using Membership.State;

namespace Membership.Benchmarks.Micro;

/// <summary>A snapshot of a million memberships, to memory and back.</summary>
public class SnapshotBenchmarks
{
    private const int RoomBytes = 64 << 20;

    private MembershipState _state = null!;
    private byte[] _snapshot = [];

    /// <summary>A million memberships.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _state = Memberships.Make().World.State;
        using var stream = new MemoryStream();
        SnapshotWriter.Write(_state, stream);
        _snapshot = stream.ToArray();
    }

    /// <summary>The whole state written.</summary>
    [Benchmark]
    public long WriteSnapshot()
    {
        using var stream = new MemoryStream(RoomBytes);
        SnapshotWriter.Write(_state, stream);
        return stream.Length;
    }

    /// <summary>The whole state read, checked and built.</summary>
    [Benchmark]
    public ulong RestoreSnapshot()
    {
        using var stream = new MemoryStream(_snapshot);
        return SnapshotReader.Read(stream).Revision;
    }
}
