using System.Security.Cryptography;
using Membership.Client;
using Membership.Protocol.Answers;
using Membership.Replication.Configuration;
using Membership.Replication.Peers;

namespace ThreeNodeCluster;

/// <summary>Three processes, a story, a killed leader, a fresh replica, and a table at the end.</summary>
internal sealed class Play : IAsyncDisposable
{
    private const string ClusterId = "three-node-cluster";
    private const long SnapshotBytes = 256 * 1024;
    private const int CrowdSize = 4_000;
    private const int CrowdConnections = 32;

    private static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollPause = TimeSpan.FromMilliseconds(50);

    private static readonly string[] FirstIds = ["a", "b", "c"];

    private readonly Narrator _narrator = new();
    private readonly ClusterClient _peers = new(ClusterId);
    private readonly WireClients _wire;
    private readonly SortedDictionary<string, ReplicaProcess> _replicas = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ReplicaPorts> _ports = new(StringComparer.Ordinal);
    private readonly string _folder;
    private readonly bool _pilot;
    private string _killed = "";

    private Play(string folder, bool pilot)
    {
        (_folder, _pilot) = (folder, pilot);
        foreach (var (id, ports) in FirstIds.Zip(ReplicaPorts.Free(FirstIds.Length))) _ports[id] = ports;
        _wire = new(ClusterId, _ports);
    }

    private string SecretFile => Path.Combine(_folder, "cluster-secret");

    private string AdminTokensFile => Path.Combine(_folder, "admin-tokens");

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        var folder = arguments.Data ?? Directory.CreateTempSubdirectory("three-node-cluster-").FullName;
        await using var play = new Play(folder, arguments.Pilot);
        try
        {
            await play.TellAsync();
            if (!arguments.Exit) await play.StayAsync(stop);
        }
        catch (Exception e) when (e is TimeoutException or IOException or InvalidOperationException)
        {
            play._narrator.Check("the story came to its end", held: false, e.Message);
        }

        if (arguments.Results is { } results) play._narrator.WriteResults(results);
        return play._narrator.FailedCount == 0 ? 0 : 1;
    }

    public async ValueTask DisposeAsync()
    {
        await _peers.DisposeAsync();
        await _wire.DisposeAsync();
        await Task.WhenAll(_replicas.Values.Select(replica => replica.DisposeAsync().AsTask()));
    }

    private async Task TellAsync()
    {
        var token = RandomNumberGenerator.GetHexString(32, lowercase: true);
        await StartThreeAsync(token);
        await using var admin = _wire.Make(ClientIdentity.AdminToken(token));
        await using var crowd = _wire.Make(ClientIdentity.AdminToken(token), CrowdConnections);
        using var story = new Story(admin, _narrator, _pilot);
        _narrator.Chapter("Nodes and a network");
        await story.RegisterAsync();
        await story.FoundNetworkAsync();
        _narrator.Chapter("Invites");
        await story.InviteAsync();
        await KillLeaderAmidAsync(story);
        _narrator.Chapter("A policy, a kick, a key");
        await story.PolicyAsync();
        await story.RotateKeyAsync();
        _narrator.Chapter("A crowd, and a fresh replica");
        _narrator.Check($"{CrowdSize} nodes join a network", await story.CrowdAsync(crowd, CrowdSize) == CrowdSize, "all of them");
        await ReplaceAsync();
        _narrator.Chapter("Everything once more, under the same request ids");
        var same = await story.RepeatAllAsync();
        _narrator.Check("each request has the outcome of the first time", same == story.AnsweredCount, $"{same} of {story.AnsweredCount}");
        await CompareAsync();
    }

    private async Task StartThreeAsync(string adminToken)
    {
        _narrator.Chapter($"Three replicas, their data under {_folder}");
        Directory.CreateDirectory(_folder);
        await File.WriteAllBytesAsync(SecretFile, RandomNumberGenerator.GetBytes(32));
        await File.WriteAllTextAsync(AdminTokensFile, adminToken + "\n");
        foreach (var id in _ports.Keys) Start(id, Path.Combine(_folder, id), bootstrap: true);
        var leader = await WaitAsync("a leader", _wire.FindLeaderAsync);
        _narrator.Check("a leader is elected", held: true, leader);
    }

    private async Task KillLeaderAmidAsync(Story story)
    {
        _narrator.Chapter("Roles, and the leader is killed amid them");
        var leader = await WaitAsync("a leader", _wire.FindLeaderAsync);
        var victim = _replicas[leader];
        var roles = story.RolesAsync();
        await victim.KillAsync();
        _narrator.Say($"      SIGKILL to {leader}, process {victim.ProcessId}, the leader");
        await roles;
        var successor = await WaitAsync("another leader", async () => await _wire.FindLeaderAsync() is { } id && id != leader ? id : null);
        _narrator.Check("the others go on", successor != leader, $"{successor} leads, {story.RetryCount} times a request was sent again under its id");
        _killed = leader;
    }

    private async Task ReplaceAsync()
    {
        await ChangeVoteAsync(_killed, hasVote: false);
        _narrator.Say($"      {_killed}, which was killed, is removed from the cluster");
        await _replicas[_killed].DisposeAsync();
        Start(_killed, Path.Combine(_folder, $"{_killed}-fresh"), bootstrap: false);
        await ChangeVoteAsync(_killed, hasVote: true);
        var status = await WaitAsync("the fresh replica to catch up", async () =>
        {
            var leader = await _wire.FindLeaderAsync();
            if (leader is null) return null;
            var (fresh, of) = (await _peers.StatusOfAsync(_killed), await _peers.StatusOfAsync(leader));
            return fresh?.Revision == of?.Revision ? fresh : null;
        });
        _narrator.Check(
            $"a fresh {_killed}, its folder empty, is added and brought up by a snapshot",
            status.InstalledSnapshotIndex > 0,
            $"the snapshot of index {status.InstalledSnapshotIndex}, then the log up to {status.AppliedIndex}");
    }

    private Task<string> ChangeVoteAsync(string id, bool hasVote) => WaitAsync($"the change of {id}'s vote", async () =>
    {
        if (await _wire.FindLeaderAsync() is not { } leader) return null;
        try
        {
            var change = hasVote ? ClusterChange.Add(new(id, _ports[id].Raft, _ports[id].Peer)) : ClusterChange.Remove(id);
            return (await _peers[leader].ChangeClusterAsync(change)).Code == (int)Membership.Code.Ok ? leader : null;
        }
        catch (PeerUnavailableException)
        {
            return null;
        }
    });

    private async Task CompareAsync()
    {
        _narrator.Chapter("The replicas");
        var statuses = await WaitAsync("equal indices", async () =>
        {
            var all = new List<StatusAnswer>();
            foreach (var replica in _replicas.Values.Where(r => !r.HasExited))
            {
                if (await _wire.StatusOfAsync(replica.Id) is { } status) all.Add(status);
            }

            return all.Count == 3 && all.DistinctBy(s => s.AppliedIndex).Count() == 1 ? all : null;
        });
        Console.WriteLine($"  {"replica",-8} {"leader",-7} {"applied",8} {"revision",9}  digest");
        foreach (var s in statuses)
            Console.WriteLine($"  {s.Replica,-8} {s.Leader,-7} {s.AppliedIndex,8} {s.Revision,9}  {s.Digest}");
        var digests = statuses.Select(s => s.Digest).Distinct().Count();
        _narrator.Check("all digests are equal", digests == 1 && statuses[0].Digest.Length > 0, $"{digests} digest");
        Console.WriteLine();
        Console.WriteLine($"{_narrator.CheckCount - _narrator.FailedCount} checks held, {_narrator.FailedCount} failed.");
    }

    private async Task StayAsync(CancellationToken stop)
    {
        Console.WriteLine();
        Console.WriteLine("The cluster stays up until Ctrl+C. To look at it:");
        foreach (var replica in _replicas.Values.Where(r => !r.HasExited))
        {
            var ports = _ports[replica.Id];
            Console.WriteLine($"  {replica.Id}: process {replica.ProcessId}, Raft on {ports.Raft}, peers on {ports.Peer}, clients on {ports.Wire}");
            Console.WriteLine($"     data {replica.DataFolder}, log {replica.LogFile}");
        }

        Console.WriteLine("  Kill a process and watch the logs of the others elect a leader.");
        await Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private void Start(string id, string folder, bool bootstrap)
    {
        List<string> arguments =
        [
            "--id", id, "--cluster", ClusterId, "--replicas", ReplicaPorts.List(_ports), "--data", folder,
            "--listen-wire", $"{_ports[id].Wire}", "--secret-file", SecretFile, "--admin-tokens-file", AdminTokensFile,
            "--snapshot-bytes", $"{SnapshotBytes}",
        ];
        if (_pilot) arguments.AddRange(["--compat", "pilot"]);
        if (bootstrap) arguments.Add("--bootstrap");
        var replica = ReplicaProcess.Start(id, folder, arguments);
        _replicas[id] = replica;
        _peers.Add(id, _ports[id].Peer);
        _narrator.Say($"      {id} is process {replica.ProcessId}, clients on {_ports[id].Wire}");
    }

    private static async Task<T> WaitAsync<T>(string what, Func<Task<T?>> look)
        where T : class
    {
        using var limit = new CancellationTokenSource(WaitLimit);
        while (true)
        {
            if (await look() is { } seen) return seen;
            if (limit.IsCancellationRequested) throw new TimeoutException($"Waited {WaitLimit.TotalSeconds:F0} s for {what}.");
            await Task.Delay(PollPause);
        }
    }
}
