using Membership.Cli.Connections;
using Membership.Cli.Running;
using Membership.Client;
using Membership.Protocol.Answers;

namespace Membership.Cli.Cluster;

/// <summary>What one replica said of itself.</summary>
/// <param name="EndPoint">Where it was asked.</param>
/// <param name="Status">What it said; null when it did not answer.</param>
/// <param name="Problem">Why not, as a code; null when it did.</param>
internal sealed record EndPointReport(ReplicaEndPoint EndPoint, StatusAnswer? Status, string? Problem)
{
    // One that is down is not waited for as long as a cluster that elects.
    private static readonly TimeSpan LimitMax = TimeSpan.FromSeconds(3);

    /// <summary>Asks each replica by itself, all at the same time.</summary>
    public static async Task<IReadOnlyList<EndPointReport>> OfAllAsync(Connection registry, CancellationToken cancel) =>
        await Task.WhenAll(registry.EndPoints.Select(endPoint => OfAsync(registry, endPoint, cancel)));

    /// <summary>The end of a run that found none.</summary>
    public static ToolException NobodyAnswers(Connection registry) => new(
        ExitCode.Unavailable,
        Code.Unavailable.ToName(),
        $"no replica answers at {string.Join(", ", registry.EndPoints)}, see that they run and are reachable");

    private static async Task<EndPointReport> OfAsync(Connection registry, ReplicaEndPoint endPoint, CancellationToken cancel)
    {
        await using var client = registry.ClientOf(endPoint);
        var limit = registry.Limit < LimitMax ? registry.Limit : LimitMax;
        return await client.Within(limit).GetStatusAsync(cancel) switch
        {
            Done<StatusAnswer> done => new(endPoint, done.Answer, null),
            Rejected<StatusAnswer> rejected => new(endPoint, null, rejected.CodeName),
            _ => new(endPoint, null, Code.Unavailable.ToName()),
        };
    }
}
