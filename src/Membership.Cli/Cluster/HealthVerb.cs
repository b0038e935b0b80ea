using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;
using Membership.Client;

namespace Membership.Cli.Cluster;

internal sealed class HealthVerb() : ClientVerb("health", "Looks for what is wrong: with a token in the whole cluster, else in what the endpoints say.")
{
    protected override async Task RunAsync(Call call, Connection registry)
    {
        var reports = await EndPointReport.OfAllAsync(registry, call.Cancel);
        var checks = HealthCheck.Of(reports).ToList();
        var answers = reports.Any(report => report.Status is not null);
        if (answers && registry.HasToken) checks.AddRange(await LookAtPeersAsync(call, registry));
        call.Show(new Listing("checks", ["check", "subject", "ok", "problem"], [.. checks.Select(ToFields)])
        {
            About = new() { { "healthy", checks.TrueForAll(check => check.Problem is null) } },
        });
        EndPointReport.RequireAny(registry, reports);
        if (checks.Find(check => check.Problem is not null) is { } bad)
            throw new ToolException(ExitCode.Unhealthy, "unhealthy", $"{bad.Name} of {bad.Subject}: {bad.Problem}, see its log and 'membership peers'");
    }

    private static async Task<IEnumerable<HealthCheck>> LookAtPeersAsync(Call call, Connection registry)
    {
        try
        {
            return HealthCheck.Of((await registry.Client.GetClusterStatusAsync(call.Cancel)).Require());
        }
        catch (MembershipRequestException e) when (e.MayRetry)
        {
            return [new("is_served", "cluster", e.CodeName)];
        }
    }

    private static Fields ToFields(HealthCheck check) => new()
    {
        { "check", check.Name },
        { "subject", check.Subject },
        { "ok", check.Problem is null },
        { "problem", check.Problem },
    };
}
