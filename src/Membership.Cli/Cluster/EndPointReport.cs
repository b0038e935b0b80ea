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

    // What it said instead, when it was there and refused.
    private Rejected<StatusAnswer>? Refusal { get; init; }

    /// <summary>Ends a run in which none said how it is: all are away, or one that is there refused to say.</summary>
    /// <exception cref="MembershipRequestException">It was refused.</exception>
    /// <exception cref="ToolException">Nobody answers.</exception>
    public static void RequireAny(Connection registry, IReadOnlyList<EndPointReport> reports)
    {
        if (reports.Any(report => report.Status is not null)) return;
        reports.FirstOrDefault(report => report.Refusal is not null)?.Refusal!.Require();
        throw new ToolException(
            ExitCode.Unavailable,
            Code.Unavailable.ToName(),
            $"no replica answers at {string.Join(", ", registry.EndPoints)}, see that they run and are reachable");
    }

    private static async Task<EndPointReport> OfAsync(Connection registry, ReplicaEndPoint endPoint, CancellationToken cancel)
    {
        await using var client = registry.ClientOf(endPoint);
        var limit = registry.Limit < LimitMax ? registry.Limit : LimitMax;
        return await client.Within(limit).GetStatusAsync(cancel) switch
        {
            Done<StatusAnswer> done => new(endPoint, done.Answer, null),
            Rejected<StatusAnswer> rejected => new(endPoint, null, rejected.CodeName) { Refusal = rejected.MayRetry ? null : rejected },
            _ => new(endPoint, null, Code.Unavailable.ToName()),
        };
    }
}
