using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;

namespace Membership.Cli.Cluster;

internal sealed class StatusVerb() : ClientVerb("status", "Shows how each replica is, as it says itself.")
{
    private static readonly string[] Columns = ["endpoint", "replica", "leader", "term", "commit", "applied", "revision", "lag_ms", "problem"];

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var reports = await EndPointReport.OfAllAsync(registry, call.Cancel);
        call.Show(new Listing("replicas", Columns, [.. reports.Select(ToFields)]));
        EndPointReport.RequireAny(registry, reports);
    }

    private static Fields ToFields(EndPointReport report) => new()
    {
        { "endpoint", report.EndPoint },
        { "cluster", report.Status?.Cluster },
        { "replica", report.Status?.Replica },
        { "leader", report.Status?.Leader },
        { "term", report.Status?.Term },
        { "commit", report.Status?.CommitIndex },
        { "applied", report.Status?.AppliedIndex },
        { "revision", report.Status?.Revision },
        { "digest", report.Status?.Digest },
        { "lag_ms", report.Status?.LagMs },
        { "version", report.Status?.Version },
        { "problem", report.Problem },
    };
}
