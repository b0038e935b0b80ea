using System.Reflection;

namespace Membership.Registry.Tests.Handlers;

/// <summary>No row of the command specification, section 9, is without a test of its own on the wire.</summary>
public sealed class DifferenceTableTests
{
    private static readonly string[] Rows =
    [
        "kick, accept, invites, roles, transfer, rename, enterprise, tags, policy, rules are lost by a crash within 5 s",
        "role gate trusts an unsigned node_id",
        "signatures without freshness, accept not covered",
        "admin token, join tokens stored in clear",
        "owner may vanish (leave, deregister, enterprise off and on), pre-assignment can mint owners",
        "unknown join rules and empty join tokens accepted",
        "tags outlive membership; expired invites block and count; inviter's demotion leaves its invites",
        "pre-assignments ignored on accepted invites and on a new external id, outlive the network",
        "enterprise off makes an invite network unjoinable for good",
        "policy hidden once enterprise is off, still enforced",
        "network 0 in promote, demote, transfer, tags, invite, respond is not found or works",
        "respond_invite tells strangers whether a network exists; admin may poll but not for nodes with keys",
        "a network token alone cannot invite; with a signature it skips the membership check",
        "tags keep duplicates, cleared tags are null; rules: [] passes in set_expr_policy; keys match without case",
        "wrong types become 0 or false; fractions are cut; a missing accept rejects, enterprise wipes, tags clear",
        "a member joining a full network again hears full",
        "ids exhausted for good after 65535 creations",
        "list order random; text of errors hides the reason",
        "a network admin token passes for owner-only commands",
        "an admin may kick an admin (older), or is guarded by a claimed id (newer)",
        "a deregistered node's key gets its old id again",
        "a node without a key exists",
        "an unregistered node is told so before its signature is looked at",
        "join and accept answer little",
    ];

    [Fact]
    public void Each_row_has_a_test()
    {
        var tested = typeof(DifferenceTableTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttributes<FactAttribute>().Any())
            .SelectMany(method => method.GetCustomAttributes<DifferenceAttribute>())
            .Select(difference => difference.Was);
        Assert.Equal(Rows.Order(), tested.Distinct().Order());
    }
}
