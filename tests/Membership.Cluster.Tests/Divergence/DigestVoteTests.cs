using Membership.Replication.Divergence;
using Membership.State;
using Xunit;

namespace Membership.Cluster.Tests.Divergence;

public sealed class DigestVoteTests
{
    [Theory]
    [InlineData(1, true, "", 1, Verdict.Agrees)]
    [InlineData(1, true, "", 3, Verdict.Undecided)]
    [InlineData(1, true, "1", 3, Verdict.Agrees)]
    [InlineData(1, true, "12", 3, Verdict.Agrees)]
    [InlineData(1, true, "2", 3, Verdict.Undecided)]
    [InlineData(1, true, "22", 3, Verdict.Diverged)]
    [InlineData(1, true, "23", 3, Verdict.Split)]
    [InlineData(1, true, "2", 2, Verdict.Split)]
    [InlineData(1, true, "1", 2, Verdict.Agrees)]
    [InlineData(1, true, "1223", 5, Verdict.Split)]
    [InlineData(1, true, "222", 5, Verdict.Diverged)]
    [InlineData(1, false, "1", 3, Verdict.Undecided)]
    [InlineData(1, false, "11", 3, Verdict.Agrees)]
    [InlineData(1, false, "22", 3, Verdict.Diverged)]
    internal void A_majority_of_the_voters_is_right(int own, bool isVoter, string others, int voters, Verdict expected)
    {
        var vote = DigestVote.Count(Digest(own), isVoter, [.. others.Select(c => Digest(c - '0'))], voters);
        Assert.Equal(expected, vote.Verdict);
        Assert.Equal(expected == Verdict.Diverged ? Digest(2) : null, expected == Verdict.Diverged ? vote.Other : null);
    }

    [Fact]
    public void A_difference_is_known_before_it_is_decided() =>
        Assert.Equal(new(Verdict.Undecided, Digest(2)), DigestVote.Count(Digest(1), isVoter: true, [Digest(2)], voters: 3));

    private static StateDigest Digest(int value) => new((ulong)value);
}
