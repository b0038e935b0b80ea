using Membership.Replication.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the health checks of a replica.</summary>
public static class MembershipReplicaHealthChecks
{
    /// <summary>The tag of the check that says whether the process should go on.</summary>
    public const string LiveTag = "live";

    /// <summary>The tag of the check that says whether requests should come here.</summary>
    public const string ReadyTag = "ready";

    /// <summary>
    /// Adds <c>membership-live</c>, with <see cref="LiveTag"/>, which fails when the replica has stopped for good, and <c>membership-ready</c>,
    /// with <see cref="ReadyTag"/>, which fails when it cannot serve changes now. Their data has an answer for each thing that was looked at:
    /// <c>ok</c>, or what is wrong and what to do.
    /// </summary>
    /// <param name="builder">The host's checks. Its services hold the <see cref="Membership.Replication.MembershipReplica"/>.</param>
    /// <returns>The builder.</returns>
    public static IHealthChecksBuilder AddMembershipReplica(this IHealthChecksBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddCheck<ReplicaLiveCheck>("membership-live", tags: [LiveTag]).AddCheck<ReplicaReadyCheck>("membership-ready", tags: [ReadyTag]);
    }
}
