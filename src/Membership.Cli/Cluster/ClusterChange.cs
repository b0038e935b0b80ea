using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;
using Membership.Client;

namespace Membership.Cli.Cluster;

/// <summary>Changes the cluster: what takes longer than any other request.</summary>
internal static class ClusterChange
{
    /// <param name="call">The run.</param>
    /// <param name="registry">Whom to ask.</param>
    /// <param name="about">What is changed, shown with the revision.</param>
    /// <param name="title">What goes on meanwhile.</param>
    /// <param name="change">Does it.</param>
    public static async Task RunAsync(
        Call call, Connection registry, Fields about, string title, Func<MembershipClient, Task<ClientOutcome<ulong>>> change)
    {
        // Whoever cannot be reached, or has no right to it, hears so within the time of a request and not of a change.
        (await registry.Client.GetClusterStatusAsync(call.Cancel)).Require();
        var outcome = await call.Terminal.WithProgressAsync(title, _ => change(registry.Client));

        // It has no request id to be repeated under: after a lost answer, too, the client says that nobody served.
        if (outcome.Code is Code.Unavailable or Code.OutcomeUnknown)
        {
            const string Look = "no replica said what became of it, see 'membership peers' and run it again: what is done already is done";
            throw new ToolException(ExitCode.OutcomeUnknown, Code.OutcomeUnknown.ToName(), Look);
        }

        call.Show(about.With(new Fields { { "revision", outcome.Require() } }));
    }
}
