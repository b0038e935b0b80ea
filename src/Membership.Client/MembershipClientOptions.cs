namespace Membership.Client;

/// <summary>How a client finds the replicas, and how long it tries.</summary>
public sealed record MembershipClientOptions
{
    /// <summary>The cluster's id. Signatures are made for it, so it is configured and never asked of whoever answers.</summary>
    public required string Cluster { get; init; }

    /// <summary>The replicas, one or more. A client begins with any of them and stays while it serves.</summary>
    public required IReadOnlyList<ReplicaEndPoint> Replicas { get; init; }

    /// <summary>TLS; null (default) for plain text.</summary>
    public ClientTls? Tls { get; init; }

    /// <summary>Whether tokens may go in plain text to another machine. Default false.</summary>
    public bool AllowPlaintextTokens { get; init; }

    /// <summary>
    /// Connections to each replica, 1 to 64, default 1, opened when they are needed. A replica proposes the mutations of one connection
    /// in their order, group by group, so a client with many of them at a time is faster with more.
    /// </summary>
    public int ConnectionsPerReplica { get; init; } = 1;

    /// <summary>Time for a request with all its attempts; default 30 s. A mutation's is at most <see cref="RepeatLimit"/>.</summary>
    public TimeSpan RequestLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time in which a replica must answer the request whose turn it is, else the connection is given up; default 5 s.</summary>
    public TimeSpan AnswerLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time for opening a connection, TLS included; default 2 s.</summary>
    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The first pause between attempts, once every replica was tried; default 50 ms. It doubles each time.</summary>
    public TimeSpan BackOffMin { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest pause between attempts; default 1 s.</summary>
    public TimeSpan BackOffMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Of so many of the last mutations the replicas keep the outcomes, so that <see cref="MembershipClient.RepeatAsync"/> hears them
    /// again: 0 to 1000, default 64.
    /// </summary>
    public int OutcomesKept { get; init; } = 64;

    /// <summary>The clock for times of issue, limits and pauses; default the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// The time for which a mutation may be sent: 120 s. The replicas apply no signed one that is older, and keep the outcomes of any
    /// for 180 s, so within it nothing happens twice.
    /// </summary>
    public static TimeSpan RepeatLimit => TimeSpan.FromSeconds(120);

    internal void Check()
    {
        ArgumentException.ThrowIfNullOrEmpty(Cluster);
        ArgumentNullException.ThrowIfNull(Replicas);
        if (Replicas.Count == 0) throw new ArgumentException("A client needs at least one replica.", nameof(Replicas));
        ArgumentOutOfRangeException.ThrowIfLessThan(ConnectionsPerReplica, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ConnectionsPerReplica, 64);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(RequestLimit.Ticks, nameof(RequestLimit));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(AnswerLimit.Ticks, nameof(AnswerLimit));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ConnectLimit.Ticks, nameof(ConnectLimit));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BackOffMin.Ticks, nameof(BackOffMin));
        ArgumentOutOfRangeException.ThrowIfLessThan(BackOffMax, BackOffMin);
        ArgumentOutOfRangeException.ThrowIfNegative(OutcomesKept);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(OutcomesKept, ClientSession.WindowMax);
    }
}
