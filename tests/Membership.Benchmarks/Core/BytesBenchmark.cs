using Membership.Benchmarks.Reporting;

namespace Membership.Benchmarks.Core;

/// <summary>The heap that a membership takes: how much it grows by a million of them; nodes and sessions were there before.</summary>
internal static class BytesBenchmark
{
    private static readonly Figure Result = new("bytes_per_membership", "bytes", "<=400", "<=250");

    public static int Run()
    {
        var memberships = new Memberships();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        memberships.JoinAll();

        // Members that left and came back lie where the tables put them in the long run, and not as they were first filled.
        var (leaves, joins) = memberships.LeaveAndJoin((int)Memberships.JoinCount / 4);
        memberships.World.Apply(leaves);
        memberships.World.Apply(joins);
        (leaves, joins) = ([], []);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        Console.WriteLine($"{Memberships.JoinCount} memberships, {after - before:N0} bytes of heap more");
        Result.Print((double)(after - before) / Memberships.JoinCount);
        GC.KeepAlive(memberships);
        return 0;
    }
}
