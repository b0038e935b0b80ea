namespace Membership.Mutations.Rules;

/// <summary>What a join rule asks of its network: known, a token for <c>token</c>, the enterprise flag for <c>invite</c>.</summary>
internal static class JoinRules
{
    /// <summary>The rule that stands for a text which names none; it travels so that it is rejected at its place.</summary>
    public const JoinRule Unknown = 0;

    public static Code Check(JoinRule rule, bool hasToken, bool enterprise) => rule switch
    {
        JoinRule.Open => Code.Ok,
        JoinRule.Token => hasToken ? Code.Ok : Code.TokenRequired,
        JoinRule.Invite => enterprise ? Code.Ok : Code.EnterpriseRequired,
        _ => Code.JoinRuleInvalid,
    };
}
