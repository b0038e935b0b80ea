using System.Collections.Concurrent;
using System.Globalization;
using Membership.Cli.Running;
using Membership.Client;
using Membership.EndToEnd.Running;
using Membership.Protocol.Signing;
using Membership.Queries;
using Membership.Replication.Offline;
using Xunit;
using Xunit.Abstractions;

namespace Membership.EndToEnd.Files;

/// <summary>Two of three data folders are gone: the commands of the README bring back all that the third one held.</summary>
[Collection(OwnReplicas.Name)]
public sealed class LostQuorumTests(ITestOutputHelper output)
{
    private const int Callers = 8;
    private const int Settled = 400;
    private const int UnderLoad = 400;

    [Fact]
    [Verb("recover")]
    public async Task Nothing_acknowledged_that_the_survivor_held_is_lost_and_it_grows_back_to_three()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("MEMBERSHIP_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        output.WriteLine($"seed {seed}; replay: MEMBERSHIP_SEED={seed} dotnet test tests/Membership.EndToEnd --filter {nameof(LostQuorumTests)}");
        await using var replicas = new OwnReplicas("a", "b", "c");
        replicas.StartAll("old", "--bootstrap", "--snapshot-bytes", "65536");

        // What was acknowledged before this moment every replica holds; what comes after it only a majority does.
        var settled = await RegisterAsync(replicas, Settled);
        await replicas.AgreeAsync(3);
        var late = await RegisterAsync(replicas, UnderLoad, endAsync: replicas.KillAllAsync);
        var ids = replicas.Ids.ToArray();
        new Random(seed).Shuffle(ids);
        var (survivor, others) = (ids[0], ids[1..]);
        foreach (var other in others) Directory.Delete(replicas.DataOf(other), recursive: true);

        string[] recover = ["recover", "--force-new-cluster", "--data", replicas.DataOf(survivor), "--cluster-id", "new"];
        (await Tool.RunAsync(recover)).Failed(ExitCode.NotConfirmed, "not_confirmed");
        var told = (await Tool.RunAsync([.. recover, "--yes", "-o", "json"])).Document();
        output.WriteLine($"{told}");
        var held = told.GetProperty("revision").GetUInt64();
        Assert.Equal(("old", survivor), (told.GetProperty("former_cluster").GetString(), told.GetProperty("replica").GetString()));
        Assert.True(File.Exists(Path.Combine(told.GetProperty("aside").GetString()!, "meta")));

        // Whoever did not hear the answer asks again, and hears what to do next.
        var again = (await Tool.RunAsync([.. recover, "-o", "json"])).Document();
        Assert.All(["aside", "revision", "digest", "next"], name => Assert.Equal($"{told.GetProperty(name)}", $"{again.GetProperty(name)}"));

        replicas.Start(survivor, "new", [survivor], "--snapshot-bytes", "65536");
        await replicas.AgreeAsync(1);
        var state = await SaveAsync(replicas, "alone");
        output.WriteLine($"{settled.Count} settled, {late.Count} acknowledged under load, {late.Values.Count(done => done.Revision <= held)} of them held by {survivor}");
        Assert.True(settled.Count >= Settled);
        AssertHeld(state, settled);
        AssertHeld(state, late.Where(done => done.Value.Revision <= held));

        foreach (var other in others)
        {
            replicas.Start(other, "new", [other, survivor]);
            await replicas.AddAsync(other);
        }

        await RegisterAsync(replicas, 50, "new");
        Assert.Single((await replicas.AgreeAsync(3)).Select(replica => replica.GetProperty("digest").GetString()).Distinct());
        AssertHeld(await SaveAsync(replicas, "three"), settled);
    }

    [Fact]
    public async Task Three_first_replicas_come_of_one_survivor_by_the_commands_that_it_is_told()
    {
        await using var replicas = new OwnReplicas("a", "b", "c");
        replicas.StartAll("old", "--bootstrap");
        var settled = await RegisterAsync(replicas, 50);
        await replicas.AgreeAsync(3);
        await replicas.KillAllAsync();
        string[] others = ["b", "c"];
        foreach (var other in others) Directory.Delete(replicas.DataOf(other), recursive: true);

        var told = await Tool.RunAsync("recover", "--force-new-cluster", "--data", replicas.DataOf("a"), "--cluster-id", "new", "--replicas", replicas.ListOf(replicas.Ids), "--yes", "-o", "json");
        var next = told.Document().GetProperty("next").EnumerateArray().Select(line => line.GetString()!).ToList();
        foreach (var other in others)
        {
            var command = next.Single(line => line.Contains($"FOLDER-OF-{other}", StringComparison.Ordinal));
            var words = command.Replace($"FOLDER-OF-{other}", replicas.DataOf(other), StringComparison.Ordinal).Replace(" FILE", $" {replicas.SecretFile}", StringComparison.Ordinal);
            (await Tool.RunAsync(words.Split(' ')[1..])).Succeeded();
        }

        replicas.StartAll("new");
        Assert.Single((await replicas.AgreeAsync(3)).Select(replica => replica.GetProperty("digest").GetString()).Distinct());
        AssertHeld(await SaveAsync(replicas, "three"), settled);
    }

    [Fact]
    public async Task What_cannot_be_recovered_is_told_and_stays_as_it_is()
    {
        await using var replicas = new OwnReplicas("a");
        var data = replicas.DataOf("a");
        string[] recover = ["recover", "--force-new-cluster", "--data", data, "--cluster-id", "new", "--yes"];
        (await Tool.RunAsync(recover)).Failed(ExitCode.FileFailed, "folder_missing");
        Directory.CreateDirectory(data);
        (await Tool.RunAsync(recover)).Failed(ExitCode.FileFailed, "folder_empty");
        (await Tool.RunAsync("recover", "--data", data, "--cluster-id", "new", "--yes")).Failed(ExitCode.WrongArgument, "wrong_argument");
        replicas.StartAll("old", "--bootstrap");
        await RegisterAsync(replicas, 5);
        (await Tool.RunAsync(recover)).Failed(ExitCode.FileFailed, "folder_locked");
        await replicas.StopAllAsync();
        (await Tool.RunAsync([.. recover[..^2], "NOT AN ID", "--yes"])).Failed(ExitCode.WrongArgument, "wrong_argument");
        (await Tool.RunAsync([.. recover, "--replicas", "b=127.0.0.1:1/127.0.0.1:2"])).Failed(ExitCode.WrongArgument, "wrong_argument");
        (await Tool.RunAsync([.. recover, "--replicas", "nonsense"])).Failed(ExitCode.WrongArgument, "wrong_argument");
        replicas.StartAll("old");
        await RegisterAsync(replicas, 5);
        await replicas.StopAllAsync();
        Assert.Equal("old", (await Tool.RunAsync(recover)).Value("former_cluster"));

        // That cluster has gone on: another recovery needs another id.
        replicas.StartAll("new");
        await RegisterAsync(replicas, 5, "new");
        await replicas.StopAllAsync();
        (await Tool.RunAsync(recover)).Failed(ExitCode.WrongArgument, "wrong_argument");
    }

    // Until so many are acknowledged, and to whatever end comes then; what is not acknowledged by it is left out.
    private static async Task<IReadOnlyDictionary<PublicKey, (NodeId Node, ulong Revision)>> RegisterAsync(
        OwnReplicas replicas, int count, string cluster = "old", Func<Task>? endAsync = null)
    {
        var acknowledged = new ConcurrentDictionary<PublicKey, (NodeId, ulong)>();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stop = new CancellationTokenSource();
        await using var client = replicas.Connect(cluster);
        var callers = Enumerable.Range(0, Callers).Select(_ => CallAsync()).ToArray();
        await reached.Task.WaitAsync(TimeSpan.FromMinutes(2));
        if (endAsync is not null) await endAsync();
        await stop.CancelAsync();
        await Task.WhenAll(callers);
        return acknowledged;

        async Task CallAsync()
        {
            while (!stop.IsCancellationRequested)
            {
                var key = NewKey();
                try
                {
                    if (await client.RegisterNodeAsync(key, cancel: stop.Token) is Done<NodeRegistration> done) acknowledged[key] = (done.Answer.Node, done.Revision);
                }
                catch (OperationCanceledException) when (stop.IsCancellationRequested)
                {
                    return;
                }

                if (acknowledged.Count >= count) reached.TrySetResult();
            }
        }
    }

    private static PublicKey NewKey()
    {
        Span<byte> seed = stackalloc byte[NodeKey.SeedBytes];
        using var key = NodeKey.Create(seed);
        return key.PublicKey;
    }

    private static async Task<State.MembershipState> SaveAsync(OwnReplicas replicas, string name)
    {
        var file = Path.Combine(replicas.Folder, name);
        (await replicas.RunAsync("snapshot", "save", file)).Succeeded();
        return Backup.Read(file).State;
    }

    private static void AssertHeld(State.MembershipState state, IEnumerable<KeyValuePair<PublicKey, (NodeId Node, ulong Revision)>> acknowledged)
    {
        var viewer = new Viewer(state, Actor.Admin());
        foreach (var (key, (node, _)) in acknowledged) Assert.Equal(key, viewer.GetNode(node).Answer?.PublicKey);
    }
}
