using System.Diagnostics;

namespace Membership.Replication.Telemetry;

/// <summary>What a program names to collect metrics and traces: <c>AddMeter</c> and <c>AddSource</c> take <see cref="Name"/>.</summary>
/// <remarks>Nothing is measured or traced while nobody listens.</remarks>
public static class MembershipTelemetry
{
    /// <summary>The name of every meter and of the activity source.</summary>
    /// <remarks>A replica has a meter of its own, with its ids as tags of the meter, so several in one process stay apart.</remarks>
    public const string Name = "Membership";

    /// <summary>The tag of a meter that holds the cluster's id.</summary>
    public const string ClusterTag = "membership.cluster.id";

    /// <summary>The tag of a meter that holds the replica's id.</summary>
    public const string ReplicaTag = "membership.replica.id";

    /// <summary>The tag of a measurement or an activity that holds a <see cref="Code"/> by its name.</summary>
    internal const string CodeTag = "membership.code";

    /// <summary>The version that meters and the source carry.</summary>
    internal static string Version { get; } = typeof(MembershipTelemetry).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>Begins activities.</summary>
    internal static ActivitySource Source { get; } = new(Name, Version);
}
