using System.Buffers;
using System.Runtime.CompilerServices;
using Membership.State;
using Membership.Tests.Model;
using Xunit;

namespace Membership.Tests.State;

/// <summary>An entry comes in memory of the log, which is large: once it is applied nothing may keep that.</summary>
public sealed class AppliedMemoryTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_store_does_not_keep_the_memory_of_an_entry_that_it_applied(bool isBroken)
    {
        var store = new MembershipStore(MembershipState.Founded("memory"));
        var memory = Apply(store, mutations: 100, isBroken);
        Apply(store, mutations: 1, isBroken: false);
        GC.Collect();
        Assert.False(memory.IsAlive);
        GC.KeepAlive(store);
    }

    // Apart, so that no local of the test has the bytes.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Apply(MembershipStore store, int mutations, bool isBroken)
    {
        var steps = Enumerable.Range(1, mutations).Select(i => new Step(new Proposal(
            new((ulong)mutations, (ulong)i), default, Actor.Admin(), new RegisterNode(new([.. BitConverter.GetBytes(i), .. new byte[28]])))));
        var entry = new LogEntry(1_700_000_000_000, [.. steps]).Encode();
        byte[] bytes = isBroken ? [.. entry.ToArray(), 0] : entry.ToArray();
        Assert.Equal(!isBroken, store.Apply(store.AppliedIndex + 1, term: 1, new(bytes)).IsReadable);
        return new(bytes);
    }
}
