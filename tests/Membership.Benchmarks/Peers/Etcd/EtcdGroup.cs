using System.Diagnostics;
using Membership.Benchmarks.Load;
using Membership.Benchmarks.Running;

namespace Membership.Benchmarks.Peers.Etcd;

/// <summary>Three members of etcd on loopback, as the package has them, and a process of clients.</summary>
internal sealed class EtcdGroup : IAsyncDisposable
{
    private const int Members = 3;

    // The shell ends the member when its own input ends, so no member outlives a benchmark that was killed.
    private const string Wrapper = "\"$0\" \"$@\" </dev/null & while read -r _; do :; done; kill -9 $!; wait";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollPause = TimeSpan.FromMilliseconds(100);

    private readonly DirectoryInfo _folder;
    private readonly int[] _ports = FreePorts.Take(2 * Members);
    private readonly List<Process> _members = [];
    private ChildProcess _clients = null!;

    private EtcdGroup(DirectoryInfo folder) => _folder = folder;

    /// <summary>The version that is installed; null without one.</summary>
    public static string? FindVersion()
    {
        try
        {
            using var etcd = Process.Start(new ProcessStartInfo("etcd", ["--version"]) { RedirectStandardOutput = true })!;
            var version = etcd.StandardOutput.ReadLine();
            etcd.StandardOutput.ReadToEnd();
            etcd.WaitForExit();
            return version?.Replace(" Version:", "", StringComparison.Ordinal);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    public static async Task<EtcdGroup> StartAsync(Options options)
    {
        var group = new EtcdGroup(options.MakeFolder());
        for (var i = 0; i < Members; i++) group._members.Add(group.Start(i));
        group._clients = ChildProcess.Start("etcd clients", EtcdLoad.Mode, new());
        await group._clients.ReadyAsync<bool>();
        await group._clients.AskAsync<bool>("fill", await group.LeaderPortAsync());
        return group;
    }

    /// <summary>Carries out one run, on whichever member leads.</summary>
    public async Task<LoadResult> RunAsync(EtcdOperation operation, int clients, TimeSpan length) =>
        await _clients.AskAsync<LoadResult>("load", new EtcdOrder(operation, clients, length.TotalSeconds, await LeaderPortAsync()));

    public async ValueTask DisposeAsync()
    {
        await _clients.DisposeAsync();
        foreach (var member in _members)
        {
            member.StandardInput.Close();
            await member.WaitForExitAsync();
            member.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private Process Start(int index)
    {
        string Peer(int i) => $"http://127.0.0.1:{_ports[2 * i]}";
        var client = $"http://127.0.0.1:{_ports[2 * index + 1]}";
        string[] arguments =
        [
            "-c", Wrapper, "etcd", "--name", $"m{index}", "--data-dir", Path.Combine(_folder.FullName, $"m{index}"),
            "--listen-client-urls", client, "--advertise-client-urls", client,
            "--listen-peer-urls", Peer(index), "--initial-advertise-peer-urls", Peer(index),
            "--initial-cluster", string.Join(',', Enumerable.Range(0, Members).Select(i => $"m{i}={Peer(i)}")),
            "--initial-cluster-state", "new", "--logger", "zap", "--log-level", "error",
        ];
        return Process.Start(new ProcessStartInfo("sh", arguments) { RedirectStandardInput = true, RedirectStandardError = true })!;
    }

    private async Task<int> LeaderPortAsync()
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Limit; await Task.Delay(PollPause))
        {
            for (var i = 0; i < Members; i++)
            {
                if (await LeadsAsync(_ports[2 * i + 1])) return _ports[2 * i + 1];
            }
        }

        throw new TimeoutException("No member of etcd leads.");
    }

    private static async Task<bool> LeadsAsync(int port)
    {
        try
        {
            using var client = await EtcdClient.ConnectAsync(port);
            return await client.LeadsAsync().WaitAsync(Limit);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            return false;
        }
    }
}
