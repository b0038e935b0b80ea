namespace Membership.Replication.Peers;

/// <summary>What became of one proposal that was forwarded with others.</summary>
/// <param name="Verdict">That of its batch; <see cref="Outcome"/> has a meaning only when it is decided.</param>
/// <param name="Outcome">Its outcome.</param>
/// <param name="LeaderHint">The leader as the peer knows it; only with <see cref="ForwardVerdict.NotLeader"/>.</param>
/// <param name="Reason">For the log: why it was refused or is unknown.</param>
internal readonly record struct ForwardedOutcome(
    ForwardVerdict Verdict, Outcome Outcome = default, string? LeaderHint = null, string? Reason = null);
