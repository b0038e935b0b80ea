using Membership.Cluster.Tests.Canaries;
using Membership.Replication.Log;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Log;

/// <summary>A log whose files were damaged opens whole, or not at all: it never comes back shorter.</summary>
public sealed class DamagedLogTests(ITestOutputHelper output) : IAsyncLifetime, IDisposable
{
    private const int Entries = 150;
    private static readonly string[] files = ["metadata/0", "metadata/1", "metadata/2", "data/0", "checkpoint", "state", "overwrite"];
    private readonly TestFolder folder = new();

    public async Task InitializeAsync()
    {
        await using var log = Logs.Durable(folder["log"], new ListStateMachine());
        await log.SetTermAsync(2);
        await log.FollowAsync(1, [.. Enumerable.Repeat(1L, 100)]);
        await log.FollowAsync(80, [.. Enumerable.Repeat(2L, Entries - 79)]);
        await log.CommitAsync(Entries);
        await log.WaitForApplyAsync(Entries);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Files => [.. files];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_missing_file_is_named(string file)
    {
        File.Delete(folder[$"log/{file}"]);

        Assert.Equal(folder[$"log/{file}"], Assert.Throws<LogOpenException>(() => LogFolder.Prepare(folder["log"], 0)).File);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_cut_short_is_named(string file)
    {
        using (var stream = File.OpenWrite(folder[$"log/{file}"]))
            stream.SetLength(long.Min(stream.Length / 2, 300));

        Assert.Equal(folder[$"log/{file}"], Assert.Throws<LogOpenException>(() => LogFolder.Prepare(folder["log"], 0)).File);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void An_emptied_file_is_named(string file)
    {
        File.WriteAllBytes(folder[$"log/{file}"], []);

        Assert.Equal(folder[$"log/{file}"], Assert.Throws<LogOpenException>(() => LogFolder.Prepare(folder["log"], 0)).File);
    }

    [Fact]
    public void A_flipped_bit_of_records_or_data_is_found_wherever_it_matters()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("SEED"), out var given) ? given : Environment.TickCount;
        output.WriteLine($"SEED={seed}");
        var random = new Random(seed);
        var found = 0;
        for (var round = 0; round < 300; round++)
        {
            var file = folder[$"log/{files[random.Next(4)]}"];
            var original = Read(file);
            var damaged = (byte[])original.Clone();
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(file, damaged);

            if (Record.Exception(() => LogFolder.Prepare(folder["log"], 0).Dispose()) is { } refusal)
            {
                Assert.IsType<LogOpenException>(refusal);
                found++;
            }

            Assert.Equal(new Checkpoint(Entries, Entries).LastIndex, Checkpoint.Read(folder["log"]).LastIndex);
            File.WriteAllBytes(file, original);
        }

        // Of a record of 64 bytes, 40 matter; of a data file, what its entries fill.
        Assert.InRange(found, 60, 300);
        LogFolder.Prepare(folder["log"], 0).Dispose();
    }

    // The rest of a data file's 16 MiB is empty.
    private static byte[] Read(string file)
    {
        using var stream = File.OpenRead(file);
        var content = new byte[int.Min((int)stream.Length, 4096)];
        stream.ReadExactly(content);
        return content;
    }
}
