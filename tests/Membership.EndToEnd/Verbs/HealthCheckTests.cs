using Membership.Cli.Cluster;
using Membership.Protocol.Answers;
using Xunit;

namespace Membership.EndToEnd.Verbs;

/// <summary>Who counts for the health of the cluster.</summary>
public sealed class HealthCheckTests
{
    [Fact]
    public void A_replica_that_was_removed_makes_nothing_unhealthy() => Assert.All(
        HealthCheck.Of([Replica("a", "leader"), Replica("c", "removed", "no_vote")]), check => Assert.Null(check.Problem));

    [Fact]
    public void A_voter_that_does_not_answer_does() => Assert.Equal(
        ["takes_part c unreachable", "is_well c unreachable"],
        HealthCheck.Of([Replica("a", "leader"), Replica("c", "unreachable", "unreachable")])
            .Where(check => check.Problem is not null)
            .Select(check => $"{check.Name} {check.Subject} {check.Problem}"));

    private static ReplicaAnswer Replica(string id, string role, params string[] health) =>
        new() { Replica = id, RaftAddress = "127.0.0.1:1", PeerAddress = "127.0.0.1:2", Role = role, Health = [.. health] };
}
