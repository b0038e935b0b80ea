using System.Net;
using Membership.Replication;
using Membership.State;
using RegistryReplica.Page;
using Xunit;

namespace Membership.EndToEnd.Page;

/// <summary>When the page says that states are the same, and when that one differs.</summary>
public sealed class DigestComparisonTests
{
    private static readonly StateDigest One = MembershipState.Founded("one").Digest;
    private static readonly StateDigest Other = MembershipState.Founded("other").Digest;

    [Fact]
    public void Only_states_at_one_index_are_compared()
    {
        var found = new DigestComparison().Compare([Report("a", 5, One), Report("b", 5, One), Report("c", 4, Other), Report("d", 5, null)]);
        Assert.Equal(
            [DigestMatch.Same, DigestMatch.Same, DigestMatch.Unknown, DigestMatch.Unknown], found.OrderBy(pair => pair.Key).Select(pair => pair.Value));
    }

    [Fact]
    public void One_differs_when_it_does_so_twice_in_a_row()
    {
        var digests = new DigestComparison();
        Assert.Equal(DigestMatch.Unknown, digests.Compare([Report("a", 5, One), Report("b", 5, One), Report("c", 5, Other)])["c"]);
        Assert.Equal(DigestMatch.Differs, digests.Compare([Report("a", 5, One), Report("b", 5, One), Report("c", 5, Other)])["c"]);
        Assert.Equal(DigestMatch.Unknown, digests.Compare([Report("a", 6, One), Report("b", 6, One), Report("c", 6, Other)])["c"]);
    }

    [Fact]
    public void One_that_found_out_itself_differs_at_once() => Assert.Equal(
        DigestMatch.Differs, new DigestComparison().Compare([Report("a", 5, One), Report("b", 5, One) with { Health = ["diverged"] }])["b"]);

    private static ReplicaReport Report(string id, long applied, StateDigest? digest) => new()
    {
        Address = new(id, new IPEndPoint(IPAddress.Loopback, 1), new IPEndPoint(IPAddress.Loopback, 2)),
        Role = ReplicaRole.Follower,
        AppliedIndex = applied,
        Digest = digest,
    };
}
