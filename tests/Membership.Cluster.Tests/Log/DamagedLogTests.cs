using Membership.Cluster.Tests.Canaries;
using Membership.Replication.Log;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Log;

/// <summary>
/// A log whose files were damaged opens whole, or not at all: it never comes back shorter. What a write that was cut short leaves is no damage:
/// the log comes back with all that was on the disk before.
/// </summary>
public sealed class DamagedLogTests(ITestOutputHelper output) : IAsyncLifetime, IDisposable
{
    private const int SegmentBytes = 8 << 10;
    private const int Entries = 40;
    private readonly TestFolder folder = new();

    public async Task InitializeAsync()
    {
        await using var log = Open();
        await log.SetTermAsync(2);
        for (var i = 1; i <= 30; i++) await log.FollowAsync(i, 1);
        for (var i = 20; i <= Entries; i++) await log.FollowAsync(i, 2);
        await log.CommitAsync(Entries);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_missing_file_is_named()
    {
        foreach (var file in UsedFiles())
        {
            var content = File.ReadAllBytes(file);
            File.Delete(file);
            Assert.Equal(file, Assert.Throws<LogOpenException>(() => Open()).File);
            File.WriteAllBytes(file, content);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    [InlineData(5_000)]
    public void A_file_cut_short_is_named(int bytes)
    {
        foreach (var file in UsedFiles())
        {
            var content = File.ReadAllBytes(file);
            if (content.Length <= bytes) continue;
            File.WriteAllBytes(file, content[..bytes]);
            Assert.Equal(file, Assert.Throws<LogOpenException>(() => Open()).File);
            File.WriteAllBytes(file, content);
        }
    }

    [Fact]
    public async Task A_flipped_bit_is_found_wherever_it_is()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("SEED"), out var given) ? given : Environment.TickCount;
        output.WriteLine($"SEED={seed}");
        var random = new Random(seed);
        var segments = LogSegment.NumbersIn(folder["log"]);
        var found = 0;
        for (var round = 0; round < 1_000; round++)
        {
            var file = LogSegment.FileOf(folder["log"], segments[random.Next(segments.Length)]);
            var original = File.ReadAllBytes(file);
            var damaged = (byte[])original.Clone();
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(file, damaged);
            if (Record.Exception(() => LogFolder.Look(folder["log"]).Content.Damage is { } damage ? throw damage : 0) is { } refusal)
            {
                Assert.IsType<LogOpenException>(refusal);
                found++;
            }
            else
            {
                // In the room that was never written, or in the padding of the last frame: what was acknowledged is there.
                Assert.Equal(Entries, LogFolder.Look(folder["log"]).Extent.LastIndex);
            }

            File.WriteAllBytes(file, original);
        }

        output.WriteLine($"{found} of 1000 refused");
        Assert.InRange(found, 300, 1_000);
        await using var whole = Open();
        Assert.Equal(Entries, whole.LastEntryIndex);
    }

    /// <summary>A length that is believed before it is checked would make damage of an acknowledged frame look like a write that was cut short.</summary>
    [Fact]
    public async Task A_flipped_bit_in_the_last_frames_header_is_damage_and_no_end()
    {
        await using (var log = Open()) await log.FollowAsync(Entries + 1, 2);
        var content = LogContent.Read(folder["log"]);
        var file = content.Segments[^1].File;
        var frame = content.Segments[^1].End - LogFrame.SectorBytes;
        var whole = await File.ReadAllBytesAsync(file);
        for (var bit = 0; bit < 56 * 8; bit++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[frame + (bit / 8)] ^= (byte)(1 << (bit % 8));
            await File.WriteAllBytesAsync(file, damaged);
            Assert.NotNull(LogContent.Read(folder["log"]).Damage);
        }
    }

    /// <summary>Every way in which the sectors of a last write can be there or not.</summary>
    [Fact]
    public async Task A_last_write_that_was_cut_short_is_passed_over_whichever_of_its_sectors_are_there()
    {
        var before = folder.Image(folder["log"]);
        await using (var log = Open())
        {
            await log.AppendAsync(Logs.Entry(2, new string('x', 1_800)));
            await log.FlushAsync();
        }

        var whole = Directory.GetFiles(folder["log"], "*.log").ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes);
        var old = Directory.GetFiles(before, "*.log").ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes);
        var (name, sectors) = old.Keys.Select(key => (key, Changed(old[key], whole[key]))).MaxBy(file => file.Item2.Length);
        Assert.Equal(4, sectors.Length);
        for (var subset = 0; subset < (1 << sectors.Length) - 1; subset++)
        {
            var torn = (byte[])old[name].Clone();
            for (var i = 0; i < sectors.Length; i++)
            {
                if ((subset & (1 << i)) != 0) Sector(whole[name], sectors[i]).CopyTo(torn.AsSpan(sectors[i] * LogFrame.SectorBytes));
            }

            var image = folder.Image(before);
            await File.WriteAllBytesAsync(Path.Combine(image, name), torn);
            await using (var log = DurableLog.Open(image, new ListStateMachine(), segmentBytes: SegmentBytes))
            {
                Assert.Equal(Entries, log.LastEntryIndex);
                await log.FollowAsync(Entries + 1, 2);
            }

            await using var again = DurableLog.Open(image, new ListStateMachine(), segmentBytes: SegmentBytes);
            Assert.Equal(Entries + 1, again.LastEntryIndex);
        }
    }

    private static int[] Changed(byte[] before, byte[] after) =>
        [.. Enumerable.Range(0, SegmentBytes / LogFrame.SectorBytes).Where(sector => !Sector(before, sector).SequenceEqual(Sector(after, sector))).Take(4)];

    private static Span<byte> Sector(byte[] file, int sector) => file.AsSpan(sector * LogFrame.SectorBytes, LogFrame.SectorBytes);

    private DurableLog Open() => DurableLog.Open(folder["log"], new ListStateMachine(), segmentBytes: SegmentBytes);

    // The one behind the last used one was made ahead of its use.
    private string[] UsedFiles() =>
    [
        .. LogSegment.NumbersIn(folder["log"])[..^1].Select(number => LogSegment.FileOf(folder["log"], number)),
        folder["log/vote/state"],
    ];
}
