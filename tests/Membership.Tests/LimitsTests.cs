using System.Reflection;
using Membership.State;
using Xunit;

namespace Membership.Tests;

/// <summary>The limits of production, against the command specification, sections 1, 2 and 5.</summary>
public sealed class LimitsTests
{
    [Fact]
    public void Those_of_production_are_the_specified_ones() => Assert.Equal(
        new()
        {
            MaxNodes = 10_000_000,
            MaxNetworkId = 65_535,
            NameBytesMax = 63,
            TagBytesMax = 32,
            TagsMax = 10,
            PolicyMembersMax = 10_000,
            PolicyPortsMax = 100,
            PolicyDescriptionBytesMax = 256,
            ExternalIdBytesMax = 256,
            PreAssignmentsMax = 10_000,
            RulesBytesMax = 16_384,
            RulesCycleNsMin = 60_000_000_000,
            ExprPolicyBytesMax = 65_536,
            InviteTtlMs = 2_592_000_000,
            InboxMax = 100,
            InvitesByInviterMax = 10_000,
            SweepMax = 64,
            SessionsMax = 1_048_576,
            AdminSessionsMax = 262_144,
            ActorSessionsMax = 16_384,
            KeySessionsMax = 65_536,
            OutcomesMax = 1_024,
            SessionTtlMs = 180_000,
            FreshnessBehindMs = 120_000,
            FreshnessAheadMs = 60_000,
            SessionFloorLagMs = 10_000,
            AuditRecordsMax = 65_536,
        },
        Limits.Production);

    [Fact]
    public void A_state_that_is_founded_without_limits_has_those_of_production() =>
        Assert.Same(Limits.Production, MembershipState.Founded("alpha").Limits);

    // Two replicas with other limits would decide one entry differently: nothing may hand them in from outside.
    [Fact]
    public void They_are_read_from_nowhere_and_cannot_be_replaced()
    {
        var properties = typeof(Limits).GetProperties(BindingFlags.Instance | BindingFlags.Public);
        Assert.All(properties, property => Assert.Contains(
            typeof(System.Runtime.CompilerServices.IsExternalInit),
            property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers()));
        Assert.Null(typeof(Limits).GetProperty(nameof(Limits.Production))!.SetMethod);

        var file = File.ReadAllText(Path.Combine(SourceTree.Root, "src", "Membership", "Limits.cs"));
        Assert.DoesNotContain("using ", file, StringComparison.Ordinal);
    }
}
