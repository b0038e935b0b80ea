namespace Membership;

/// <summary>How a node comes into a network. The numbers stand in entries and snapshots and are never reused.</summary>
public enum JoinRule : byte
{
    /// <summary>Whoever asks.</summary>
    Open = 1,

    /// <summary>Whoever proves the join token.</summary>
    Token = 2,

    /// <summary>Whoever accepts an invite.</summary>
    Invite = 3,
}

/// <summary>The texts of <see cref="JoinRule"/>.</summary>
public static class JoinRuleText
{
    /// <summary><c>open</c>, <c>token</c> or <c>invite</c>.</summary>
    public static string ToText(this JoinRule rule) => rule switch
    {
        JoinRule.Token => "token",
        JoinRule.Invite => "invite",
        _ => "open",
    };

    /// <summary>Reads the text of a join rule; case counts.</summary>
    /// <returns>False when the text names none.</returns>
    public static bool TryParse(string? text, out JoinRule rule)
    {
        rule = text switch
        {
            "open" => JoinRule.Open,
            "token" => JoinRule.Token,
            "invite" => JoinRule.Invite,
            _ => 0,
        };
        return rule != 0;
    }
}
