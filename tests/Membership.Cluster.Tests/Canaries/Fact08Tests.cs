using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using Xunit;
using static DotNext.Net.Cluster.Consensus.Raft.StateMachine.WriteAheadLog;

namespace Membership.Cluster.Tests.Canaries;

/// <summary>Fact 8: what a kill leaves of a tail that another leader was replacing.</summary>
public sealed class Fact08Tests : IDisposable
{
    private static readonly long[] oldTerms = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2];
    private readonly TestFolder folder = new();
    private readonly ListStateMachine machine = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Fact08_Defaults_are_shared_memory_small_chunks_and_no_hash()
    {
        var defaults = new Options { Location = folder["log"] };

        Assert.Equal(MemoryManagementStrategy.SharedMemory, defaults.MemoryManagement);
        Assert.Equal(4096, defaults.ChunkSize);
        Assert.Equal(IntegrityHashAlgorithm.None, defaults.HashAlgorithm);
    }

    [Fact]
    public async Task Fact08_Shared_memory_comes_back_with_terms_that_go_backwards()
    {
        await using var log = Logs.Stock(folder["log"], machine, MemoryManagementStrategy.SharedMemory);
        await log.FollowAsync(1, oldTerms);
        await log.FlushAsync().WaitAsync(Logs.Soon);
        machine.Stall.Hold();
        await log.FollowAsync(5, 3, 3, 3).WaitAsync(Logs.Soon);

        await using (var afterKill = Logs.Stock(folder.Image(folder["log"]), new ListStateMachine(), MemoryManagementStrategy.SharedMemory))
            await afterKill.AssertTermsAsync(2, 2, 2, 2, 3, 3, 3, 2, 2, 2);
        machine.Stall.Release();
    }

    [Fact]
    public async Task Fact08_Private_memory_leaves_one_moment_in_which_a_kill_does_the_same()
    {
        await using var log = Logs.Stock(folder["log"], machine);
        await log.FollowAsync(1, oldTerms);
        await log.FlushAsync().WaitAsync(Logs.Soon);
        var before = folder.Image(folder["log"]);
        await log.FollowAsync(5, 3, 3, 3);
        await log.FlushAsync().WaitAsync(Logs.Soon);

        var killed = folder.Image(folder["log"]);
        File.Copy(Path.Combine(before, "checkpoint"), Path.Combine(killed, "checkpoint"), overwrite: true);
        await using var afterKill = Logs.Stock(killed, new ListStateMachine());
        await afterKill.AssertTermsAsync(2, 2, 2, 2, 3, 3, 3, 2, 2, 2);
    }

    /// <summary>Nothing is overwritten: what replaces a tail is written behind it.</summary>
    [Fact]
    public async Task Fact08_Repaired_log_comes_back_as_it_was_before_a_replacement_that_a_kill_cut_short()
    {
        await using var log = Logs.Durable(folder["log"], machine);
        await log.SetTermAsync(3);
        await log.FollowAsync(1, oldTerms).WaitAsync(Logs.Soon);
        machine.Stall.Hold();
        var replacing = log.FollowAsync(5, 3, 3, 3);
        await machine.Stall.Holding.WaitAsync(Logs.Soon);
        Assert.Equal(7, log.LastEntryIndex);
        var killed = folder.Image(folder["log"]);
        machine.Stall.Release();
        await replacing.WaitAsync(Logs.Soon);

        await using var afterKill = Logs.Durable(killed, new ListStateMachine());
        await afterKill.AssertTermsAsync(oldTerms);
        await afterKill.FollowAsync(5, 3, 3, 3).WaitAsync(Logs.Soon);
        await afterKill.AssertTermsAsync(2, 2, 2, 2, 3, 3, 3);
    }

    [Fact]
    public async Task Fact08_Repaired_log_keeps_a_replaced_tail_that_it_acknowledged()
    {
        await using var log = Logs.Durable(folder["log"], machine);
        await log.SetTermAsync(3);
        await log.FollowAsync(1, oldTerms).WaitAsync(Logs.Soon);
        await log.FollowAsync(5, 3, 3, 3).WaitAsync(Logs.Soon);

        await using var afterKill = Logs.Durable(folder.Image(folder["log"]), new ListStateMachine());
        await afterKill.AssertTermsAsync(2, 2, 2, 2, 3, 3, 3);
    }
}
