using System.Collections.Immutable;

namespace Membership.Replication.Peers;

/// <summary>What became of a forwarded batch as a whole. The numbers stand on the wire and are never reused.</summary>
internal enum ForwardVerdict : byte
{
    /// <summary>There is an outcome for each proposal.</summary>
    Decided = 0,

    /// <summary>The peer does not lead. Nothing happened: send it to the leader, under the same ids or new ones.</summary>
    NotLeader = 1,

    /// <summary>It was not sent, or the peer refused it unread. Nothing happened: retry as one likes.</summary>
    Refused = 2,

    /// <summary>It was sent and there is no answer. It may have happened: retry under the same request ids only.</summary>
    Unknown = 3,
}

/// <summary>The answer to a forwarded batch; immutable.</summary>
internal sealed record ForwardResult
{
    private ForwardResult(ForwardVerdict verdict) => Verdict = verdict;

    /// <summary>Which of the answers it is.</summary>
    public ForwardVerdict Verdict { get; }

    /// <summary>One for each proposal in its order when decided; else empty.</summary>
    public ImmutableArray<Outcome> Outcomes { get; private init; } = [];

    /// <summary>The replica id of the leader as the answering replica knows it; only with <see cref="ForwardVerdict.NotLeader"/>.</summary>
    public string? LeaderHint { get; private init; }

    /// <summary>For the log: why it was refused or is unknown.</summary>
    public string? Reason { get; private init; }

    /// <inheritdoc cref="ForwardVerdict.Decided"/>
    public static ForwardResult Decided(ImmutableArray<Outcome> outcomes) => new(ForwardVerdict.Decided) { Outcomes = outcomes };

    /// <inheritdoc cref="ForwardVerdict.NotLeader"/>
    public static ForwardResult NotLeader(string? leaderHint) => new(ForwardVerdict.NotLeader) { LeaderHint = leaderHint };

    /// <inheritdoc cref="ForwardVerdict.Refused"/>
    public static ForwardResult Refused(string reason) => new(ForwardVerdict.Refused) { Reason = reason };

    /// <inheritdoc cref="ForwardVerdict.Unknown"/>
    public static ForwardResult Unknown(string reason) => new(ForwardVerdict.Unknown) { Reason = reason };
}
