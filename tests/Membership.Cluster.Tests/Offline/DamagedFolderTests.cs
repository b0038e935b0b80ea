using System.Globalization;
using Membership.Replication.Offline;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Offline;

/// <summary>Flipped bits, cut and missing files: one line with a code, or the right state; never another end, and never a change.</summary>
public sealed class DamagedFolderTests(ITestOutputHelper output)
{
    private static int Rounds => Number("MEMBERSHIP_DAMAGES", 120);

    [Fact]
    public async Task Whatever_is_damaged_is_told_in_one_line_and_nothing_is_written()
    {
        var seed = Number("MEMBERSHIP_SEED", Random.Shared.Next());
        output.WriteLine($"seed {seed}; replay: MEMBERSHIP_SEED={seed} dotnet test tests/Membership.Cluster.Tests --filter {nameof(DamagedFolderTests)}");
        var random = new Random(seed);
        using var stopped = await StoppedReplica.MakeAsync(output, atOnce: 1_000, snapshots: 3);
        var files = Directory.EnumerateFiles(stopped.Folder, "*", SearchOption.AllDirectories)
            .Where(file => new FileInfo(file).Length > 0).Order(StringComparer.Ordinal).ToArray();
        var refused = new SortedDictionary<string, int>();
        for (var round = 0; round < Rounds; round++)
        {
            var file = files[random.Next(files.Length)];
            var original = await File.ReadAllBytesAsync(file);
            Damage(file, original, random);
            var before = StoppedReplica.ContentOf(stopped.Folder);
            foreach (var use in Uses(stopped.Folder, file))
            {
                try
                {
                    // Only the package's checkpoint can make a log shorter without a trace, and only the name of the cluster another state.
                    if (use() is { } replay && replay.State.Revision == stopped.Last.Revision && Path.GetFileName(file) != "meta")
                        Assert.Equal(stopped.Last.Digest, replay.State.Digest);
                }
                catch (OfflineException e)
                {
                    Assert.DoesNotContain('\n', e.Message);
                    refused[e.Code] = refused.GetValueOrDefault(e.Code) + 1;
                }
            }

            Assert.Equal(before, StoppedReplica.ContentOf(stopped.Folder));
            await File.WriteAllBytesAsync(file, original);
        }

        output.WriteLine(string.Join(", ", refused));
        Assert.Superset(new HashSet<string> { "folder_damaged", "log_damaged", "snapshot_damaged" }, refused.Keys.ToHashSet());
        using var replica = OfflineReplica.Open(stopped.Folder);
        Assert.Equal(stopped.Last.Digest, replica.Replay().State.Digest);
    }

    private static IEnumerable<Func<Replay?>> Uses(string folder, string file)
    {
        yield return Opened(replica => replica.Replay());
        yield return Opened(replica =>
        {
            replica.VerifyLog();
            return null;
        });
        yield return Opened(replica =>
        {
            replica.Compare(3_070, 3_080);
            return null;
        });
        yield return () => Survivor.Examine(folder).Replay;
        yield return () =>
        {
            Backup.Read(file);
            return null;
        };

        Func<Replay?> Opened(Func<OfflineReplica, Replay?> use) => () =>
        {
            using var replica = OfflineReplica.Open(folder);
            return use(replica);
        };
    }

    private static void Damage(string file, byte[] original, Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                File.WriteAllBytes(file, original[..random.Next(original.Length)]);
                break;
            case 1:
                File.Delete(file);
                break;
            default:
                var flipped = (byte[])original.Clone();
                flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
                File.WriteAllBytes(file, flipped);
                break;
        }
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
