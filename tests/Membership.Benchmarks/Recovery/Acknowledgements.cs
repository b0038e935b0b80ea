using System.Diagnostics;
using Membership.Benchmarks.Load;
using Membership.Benchmarks.Replicas;
using Membership.Client;

namespace Membership.Benchmarks.Recovery;

/// <summary>Clients that mutate without end, each by way of any replica, and say when the next acknowledgement comes.</summary>
internal sealed class Acknowledgements : IAsyncDisposable
{
    public const int Callers = 16;
    public const int Networks = 256;

    private const int Clients = 4;

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<MembershipClient> _clients = [];
    private readonly List<Task> _running = [];
    private (long BegunAfter, TaskCompletionSource<long> Came)? _awaited;

    private Acknowledgements()
    {
    }

    /// <summary>Starts them; the first node is not used, as the networks are its own.</summary>
    public static Acknowledgements Start(IEnumerable<int> ports)
    {
        var options = new MembershipClientOptions
        {
            Cluster = ReplicaPlan.ClusterId,
            Replicas = [.. ports.Select(port => new ReplicaEndPoint("127.0.0.1", port))],
            ConnectionsPerReplica = Callers / Clients,
        };
        var load = new Acknowledgements();
        for (var i = 0; i < Clients; i++) load._clients.Add(new(options, ClientIdentity.AdminToken(ReplicaPlan.AdminToken)));
        for (var i = 0; i < Callers; i++)
        {
            var caller = new MembershipCaller(new((uint)(2 + i)), Networks);
            load._running.Add(load.RunAsync(caller, new ClientTarget(load._clients[i % Clients])));
        }

        return load;
    }

    /// <summary>When the first mutation that is begun from now on is acknowledged, as a timestamp.</summary>
    public Task<long> NextAsync()
    {
        var came = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate) _awaited = (Stopwatch.GetTimestamp(), came);
        return came.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var client in _clients) await client.DisposeAsync();
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync(MembershipCaller caller, ClientTarget target)
    {
        while (!_stop.IsCancellationRequested)
        {
            var begun = Stopwatch.GetTimestamp();
            if (await caller.NextAsync(target, Operation.Mutations) is not null) continue;
            lock (_gate)
            {
                if (_awaited is not { } awaited || begun < awaited.BegunAfter) continue;
                awaited.Came.TrySetResult(Stopwatch.GetTimestamp());
            }
        }
    }
}
