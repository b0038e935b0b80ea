using Membership.State;

namespace Membership.Replication.Divergence;

/// <summary>What the digests of the voters at one index say about this replica's.</summary>
internal enum Verdict
{
    /// <summary>Not enough of them are known.</summary>
    Undecided,

    /// <summary>A majority has this replica's.</summary>
    Agrees,

    /// <summary>A majority has another one.</summary>
    Diverged,

    /// <summary>All are known, and no majority has the same.</summary>
    Split,
}

/// <summary>Counts digests.</summary>
/// <param name="Verdict">What they say.</param>
/// <param name="Other">The digest of the majority, or else any that differs from this replica's; null when none does.</param>
internal readonly record struct DigestVote(Verdict Verdict, StateDigest? Other)
{
    /// <summary>Counts.</summary>
    /// <param name="own">This replica's digest.</param>
    /// <param name="isVoter">Whether it counts.</param>
    /// <param name="others">Those of the other voters that are known.</param>
    /// <param name="voters">How many voters there are.</param>
    public static DigestVote Count(StateDigest own, bool isVoter, IReadOnlyCollection<StateDigest> others, int voters)
    {
        StateDigest[] known = isVoter ? [own, .. others] : [.. others];
        foreach (var group in known.GroupBy(digest => digest))
        {
            if (group.Count() > voters / 2) return group.Key == own ? new(Verdict.Agrees, null) : new(Verdict.Diverged, group.Key);
        }

        var other = others.Where(digest => digest != own).Select(digest => (StateDigest?)digest).FirstOrDefault();
        return new(known.Length >= voters && other is not null ? Verdict.Split : Verdict.Undecided, other);
    }
}
