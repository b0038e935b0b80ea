using Membership.Cli.Running;
using Membership.EndToEnd.Running;
using Xunit;

namespace Membership.EndToEnd.Files;

/// <summary>The verbs that read the folder of a replica that does not run.</summary>
[Collection(OwnReplicas.Name)]
public sealed class OfflineTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly OwnReplicas _replicas = new("a");

    private string Data => _replicas.DataOf("a");

    public async Task InitializeAsync()
    {
        _replicas.StartAll("alone", "--bootstrap");
        await _replicas.AgreeAsync(1);
        for (var i = 1; i <= 3; i++)
        {
            var file = Path.Combine(_replicas.Folder, $"key-{i}");
            var key = (await Tool.RunAsync("node", "keygen", file)).Value("public_key");
            (await _replicas.RunAsync("node", "register", "--public-key", key)).Succeeded();
        }

        (await _replicas.RunAsync("network", "create", "ops", "--owner", "1", "--join-rule", "token", "--join-token", "sesame")).Succeeded();
        await _replicas.StopAllAsync();
    }

    public Task DisposeAsync() => _replicas.DisposeAsync().AsTask();

    ValueTask IAsyncDisposable.DisposeAsync() => new(DisposeAsync());

    [Fact]
    [Verb("log dump")]
    public async Task Dump()
    {
        Assert.Contains((await Tool.RunAsync("log", "dump", Data)).Succeeded().Rows(), row => row[^2..] is ["1", "create_network"]);
        var entries = (await Tool.RunAsync("log", "dump", Data, "-o", "json")).Lines();
        Assert.Equal(Enumerable.Range(1, entries.Count), entries.Select(entry => entry.GetProperty("index").GetInt32()));
        var created = entries.SelectMany(entry => entry.GetProperty("mutations").EnumerateArray()).Single(mutation => mutation.GetProperty("kind").GetString() == "create_network");
        var fields = created.GetProperty("fields");
        Assert.Equal(("ops", 1, "token"), (fields.GetProperty("name").GetString(), fields.GetProperty("creator").GetInt32(), fields.GetProperty("join_rule").GetString()));
        Assert.Equal("(hidden)", fields.GetProperty("join_token").GetString());
        Assert.StartsWith("admin:", created.GetProperty("actor").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, (await Tool.RunAsync("log", "dump", Data, "--from", "2", "--to", "3", "-o", "json")).Lines().Count);
    }

    [Fact]
    [Verb("log verify")]
    public async Task Verify()
    {
        Assert.Equal("whole", (await Tool.RunAsync("log", "verify", Data)).Value("verdict"));
        var document = (await Tool.RunAsync("log", "verify", Data, "-o", "json")).Document();
        Assert.Equal(("alone", "a"), (document.GetProperty("cluster").GetString(), document.GetProperty("replica").GetString()));
        Assert.Equal(1, document.GetProperty("first_index").GetInt32());

        var data = Path.Combine(Data, "log", "0000000001.log");
        var bytes = await File.ReadAllBytesAsync(data);
        bytes[600] ^= 1;
        await File.WriteAllBytesAsync(data, bytes);
        string[][] uses = [["log", "verify", Data], ["log", "dump", Data], ["replay", Data], ["diff", Data, "1", "3"], Recover("--yes")];
        foreach (var use in uses) (await Tool.RunAsync(use)).Failed(ExitCode.Corrupt, "log_damaged");
        Assert.Equal(bytes, await File.ReadAllBytesAsync(data));
    }

    [Fact]
    [Verb("replay")]
    [Verb("snapshot inspect")]
    [Verb("snapshot verify")]
    public async Task Replay_to_a_backup_and_look_at_it()
    {
        var file = Path.Combine(_replicas.Folder, "at-2");
        var replayed = await Tool.RunAsync("replay", Data, "--to", "2", "--out", file);
        Assert.Equal(("2", "2", "0"), (replayed.Value("revision"), replayed.Value("nodes"), replayed.Value("networks")));
        var last = (await Tool.RunAsync("replay", Data, "-o", "json")).Document();
        Assert.Equal((4, 3, 1), (last.GetProperty("revision").GetInt32(), last.GetProperty("nodes").GetInt32(), last.GetProperty("networks").GetInt32()));

        Assert.Equal(replayed.Value("digest"), (await Tool.RunAsync("snapshot", "inspect", file)).Value("digest"));
        var inspected = (await Tool.RunAsync("snapshot", "inspect", file, "-o", "json")).Document();
        Assert.Equal(new FileInfo(file).Length, inspected.GetProperty("size").GetInt64());
        Assert.Equal(2, inspected.GetProperty("audit_number").GetInt32());
        Assert.Equal("whole", (await Tool.RunAsync("snapshot", "verify", file)).Value("verdict"));
        Assert.Equal("alone", (await Tool.RunAsync("snapshot", "verify", file, "-o", "json")).Document().GetProperty("cluster").GetString());

        (await Tool.RunAsync("replay", Data, "--to", "99")).Failed(ExitCode.WrongArgument, "revision_ahead");
        (await Tool.RunAsync("replay", Data, "--out", file)).Failed(ExitCode.FileFailed, "io_failed");
        foreach (var length in new[] { 0, 7, 60, new FileInfo(file).Length - 1 }) await DamagedAsync(file, bytes => bytes[..(int)length]);
        await DamagedAsync(file, bytes => [.. bytes[..50], (byte)(bytes[50] ^ 1), .. bytes[51..]]);
        (await Tool.RunAsync("snapshot", "inspect", file + "-none")).Failed(ExitCode.FileFailed, "io_failed");
    }

    [Fact]
    [Verb("diff")]
    public async Task Diff()
    {
        var table = (await Tool.RunAsync("diff", Data, "2", "4")).Succeeded().Rows();
        Assert.Contains(table, row => row.Contains("network.created"));
        var changes = (await Tool.RunAsync("diff", Data, "2", "4", "-o", "json")).Document().GetProperty("changes").EnumerateArray().ToList();
        Assert.Equal(["node.registered", "network.created"], changes.Select(change => change.GetProperty("action").GetString()).Take(2));
        Assert.All(changes, change => Assert.InRange(change.GetProperty("revision").GetInt32(), 3, 4));
        (await Tool.RunAsync("diff", Data, "4", "2")).Failed(ExitCode.WrongArgument, "wrong_argument");
    }

    [Fact]
    public async Task A_folder_that_is_none_or_in_use_is_told()
    {
        string[][] uses = [["log", "verify"], ["log", "dump"], ["replay"]];
        foreach (var use in uses) (await Tool.RunAsync([.. use, Data + "-none"])).Failed(ExitCode.FileFailed, "folder_missing");
        foreach (var use in uses) (await Tool.RunAsync([.. use, Path.GetTempPath()])).Failed(ExitCode.FileFailed, "folder_empty");
        _replicas.StartAll("alone");
        await _replicas.AgreeAsync(1);
        foreach (var use in uses) (await Tool.RunAsync([.. use, Data])).Failed(ExitCode.FileFailed, "folder_locked");
    }

    private string[] Recover(params string[] more) => ["recover", "--force-new-cluster", "--data", Data, "--cluster-id", "new", .. more];

    private async Task DamagedAsync(string file, Func<byte[], byte[]> damage)
    {
        var damaged = $"{file}-damaged";
        await File.WriteAllBytesAsync(damaged, damage(await File.ReadAllBytesAsync(file)));
        string[] restore = ["snapshot", "restore", damaged, "--data", Data + "-new", "--cluster-id", "new", "--replica-id", "a", "--replicas", _replicas.ListOf("a")];
        string[][] uses = [["snapshot", "inspect", damaged], ["snapshot", "verify", damaged], restore];
        foreach (var use in uses) (await Tool.RunAsync(use)).Failed(ExitCode.Corrupt, "snapshot_damaged");
        Assert.False(Directory.Exists(Data + "-new"));
    }
}
