using System.Diagnostics;
using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;
using Membership.Client;

namespace Membership.Cli.Cluster;

/// <summary>Changes the cluster: what takes longer than any other request.</summary>
internal static class ClusterChange
{
    private static readonly TimeSpan LeaderPause = TimeSpan.FromMilliseconds(100);

    /// <param name="call">The run.</param>
    /// <param name="registry">Whom to ask.</param>
    /// <param name="about">What is changed, shown with the revision.</param>
    /// <param name="title">What goes on meanwhile.</param>
    /// <param name="change">Does it.</param>
    public static async Task RunAsync(
        Call call, Connection registry, Fields about, string title, Func<MembershipClient, Task<ClientOutcome<ulong>>> change)
    {
        // Whoever cannot be reached, or has no right to it, hears so within the time of a request and not of a change.
        await RequireLeaderAsync(registry, call.Cancel);
        var outcome = await call.Terminal.WithProgressAsync(title, _ => change(registry.Client));

        // It has no request id to be repeated under: after a lost answer, too, the client says that nobody served.
        if (outcome.Code is Code.Unavailable or Code.OutcomeUnknown)
        {
            const string Look = "no replica said what became of it, see 'membership peers' and run it again: what is done already is done";
            throw new ToolException(ExitCode.OutcomeUnknown, Code.OutcomeUnknown.ToName(), Look);
        }

        call.Show(about.With(new Fields { { "revision", outcome.Require() } }));
    }

    // A replica tells how the cluster is with or without a leader; an election is waited for.
    private static async Task RequireLeaderAsync(Connection registry, CancellationToken cancel)
    {
        for (var since = Stopwatch.StartNew(); ; await Task.Delay(LeaderPause, cancel))
        {
            var replicas = (await registry.Client.GetClusterStatusAsync(cancel)).Require();
            if (replicas.Any(replica => replica.Role == "leader")) return;
            if (since.Elapsed < registry.Limit) continue;
            throw new ToolException(ExitCode.Unavailable, Code.Unavailable.ToName(), "no replica leads and nothing was changed, see 'membership peers'");
        }
    }
}
