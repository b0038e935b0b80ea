using System.Security.Cryptography;
using Membership;
using Membership.Replication.Peers;

namespace ThreeNodeCluster;

/// <summary>Three processes, a story, a killed leader, a fresh replica, and a table at the end.</summary>
internal sealed class Play : IAsyncDisposable
{
    private const string ClusterId = "three-node-cluster";
    private const long SnapshotBytes = 256 * 1024;
    private const int CrowdSize = 4_000;

    private static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollPause = TimeSpan.FromMilliseconds(50);

    private static readonly string[] FirstIds = ["a", "b", "c"];

    private readonly Narrator _narrator = new();
    private readonly ClusterClient _client = new(ClusterId);
    private readonly SortedDictionary<string, ReplicaProcess> _replicas = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ReplicaPorts> _ports = new(StringComparer.Ordinal);
    private readonly string _folder;
    private readonly string _secretFile;

    private Play(string folder)
    {
        _folder = folder;
        _secretFile = Path.Combine(folder, "cluster-secret");
    }

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        var folder = arguments.Data ?? Directory.CreateTempSubdirectory("three-node-cluster-").FullName;
        await using var play = new Play(folder);
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
        await _client.DisposeAsync();
        await Task.WhenAll(_replicas.Values.Select(replica => replica.DisposeAsync().AsTask()));
    }

    private async Task TellAsync()
    {
        var story = new Story(_client, _narrator);
        await StartThreeAsync();
        _narrator.Chapter("Nodes and a network");
        await story.RegisterAsync();
        await story.FoundNetworkAsync();
        _narrator.Chapter("Invites");
        await story.InviteAsync();
        await KillLeaderAmidAsync(story.RolesAsync());
        _narrator.Chapter("A policy, a kick, a key");
        await story.PolicyAsync();
        await story.RotateKeyAsync();
        _narrator.Chapter("A crowd, and a fresh replica");
        _narrator.Check($"{CrowdSize} nodes join a network", await story.CrowdAsync(CrowdSize) == CrowdSize, "all of them");
        await ReplaceAsync();
        _narrator.Chapter("Everything once more, under the same request ids");
        var same = await story.RepeatAllAsync();
        _narrator.Check("each request has the outcome of the first time", same == story.Answered.Count, $"{same} of {story.Answered.Count}");
        await CompareAsync();
    }

    private async Task StartThreeAsync()
    {
        _narrator.Chapter($"Three replicas, their data under {_folder}");
        Directory.CreateDirectory(_folder);
        await File.WriteAllBytesAsync(_secretFile, RandomNumberGenerator.GetBytes(32));
        foreach (var (id, ports) in FirstIds.Zip(ReplicaPorts.Free(FirstIds.Length))) _ports[id] = ports;
        foreach (var id in _ports.Keys) Start(id, Path.Combine(_folder, id), bootstrap: true);
        var leader = await WaitAsync("a leader", _client.FindLeaderAsync);
        _narrator.Check("a leader is elected", held: true, leader);
    }

    private async Task KillLeaderAmidAsync(Task roles)
    {
        _narrator.Chapter("Roles, and the leader is killed amid them");
        var leader = await WaitAsync("a leader", _client.FindLeaderAsync);
        var victim = _replicas[leader];
        await victim.KillAsync();
        _narrator.Say($"      SIGKILL to {leader}, process {victim.ProcessId}, the leader");
        await roles;
        var successor = await WaitAsync("another leader", async () => await _client.FindLeaderAsync() is { } id && id != leader ? id : null);
        _narrator.Check("the others go on", successor != leader, $"{successor} leads, {_client.RetryCount} requests were sent again under their ids");
        _killed = leader;
    }

    private string _killed = "";

    private async Task ReplaceAsync()
    {
        await ChangeVoteAsync(_killed, hasVote: false);
        _narrator.Say($"      {_killed}, which was killed, is removed from the cluster");
        await _replicas[_killed].DisposeAsync();
        Start(_killed, Path.Combine(_folder, $"{_killed}-fresh"), bootstrap: false);
        await ChangeVoteAsync(_killed, hasVote: true);
        var status = await WaitAsync("the fresh replica to catch up", async () =>
        {
            var leader = await _client.FindLeaderAsync();
            if (leader is null) return null;
            var (fresh, of) = (await _client.StatusOfAsync(_killed), await _client.StatusOfAsync(leader));
            return fresh?.Revision == of?.Revision ? fresh : null;
        });
        _narrator.Check(
            $"a fresh {_killed}, its folder empty, is added and brought up by a snapshot",
            status.InstalledSnapshotIndex > 0,
            $"the snapshot of index {status.InstalledSnapshotIndex}, then the log up to {status.AppliedIndex}");
    }

    private Task<string> ChangeVoteAsync(string id, bool hasVote) => WaitAsync($"the change of {id}'s vote", async () =>
    {
        if (await _client.FindLeaderAsync() is not { } leader) return null;
        try
        {
            return await _client[leader].ChangeClusterAsync(id, hasVote) is null ? leader : null;
        }
        catch (PeerUnavailableException)
        {
            return null;
        }
    });

    private async Task CompareAsync()
    {
        _narrator.Chapter("The replicas");
        var statuses = await WaitAsync("equal revisions", async () =>
        {
            var all = new List<PeerStatus>();
            foreach (var replica in _replicas.Values.Where(r => !r.HasExited))
            {
                if (await _client.StatusOfAsync(replica.Id) is { } status) all.Add(status);
            }

            return all.Count == 3 && all.DistinctBy(s => s.Revision).Count() == 1 ? all : null;
        });
        Console.WriteLine($"  {"replica",-8} {"leader",-7} {"applied",8} {"revision",9}  digest");
        foreach (var s in statuses)
            Console.WriteLine($"  {s.ReplicaId,-8} {s.Leader,-7} {s.AppliedIndex,8} {s.Revision,9}  {Convert.ToHexStringLower(s.Digest)}");
        var digests = statuses.Select(s => Convert.ToHexStringLower(s.Digest)).Distinct().Count();
        _narrator.Check("all digests are equal", digests == 1 && statuses[0].Digest.Length > 0, $"{digests} digest");
        Console.WriteLine();
        Console.WriteLine($"{_narrator.CheckCount - _narrator.FailedCount} checks held, {_narrator.FailedCount} failed.");
    }

    private async Task StayAsync(CancellationToken stop)
    {
        Console.WriteLine();
        Console.WriteLine("The cluster stays up until Ctrl+C. To look at it:");
        foreach (var replica in _replicas.Values.Where(r => !r.HasExited))
            Console.WriteLine($"  {replica.Id}: process {replica.ProcessId}, Raft on {_ports[replica.Id].Raft}, peers on {_ports[replica.Id].Peer}, clients on {_ports[replica.Id].Wire}, data {replica.DataFolder}, log {replica.LogFile}");
        Console.WriteLine("  Kill a process and watch the logs of the others elect a leader.");
        await Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private void Start(string id, string folder, bool bootstrap)
    {
        List<string> arguments =
        [
            "--id", id, "--cluster", ClusterId, "--replicas", ReplicaPorts.List(_ports), "--data", folder,
            "--listen-wire", $"{_ports[id].Wire}", "--secret-file", _secretFile, "--snapshot-bytes", $"{SnapshotBytes}",
        ];
        if (bootstrap) arguments.Add("--bootstrap");
        var replica = ReplicaProcess.Start(id, folder, arguments);
        _replicas[id] = replica;
        _client.Add(id, _ports[id].Peer);
        _narrator.Say($"      {id} is process {replica.ProcessId}, peers on {_ports[id].Peer}");
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
