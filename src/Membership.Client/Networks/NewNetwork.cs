namespace Membership.Client;

/// <summary>A network to create.</summary>
public sealed record NewNetwork
{
    /// <summary>The node that owns it.</summary>
    public required NodeId Creator { get; init; }

    /// <summary>1 to 63 bytes of <c>a-z 0-9 -</c>, first and last not <c>-</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Default open.</summary>
    public JoinRule JoinRule { get; init; } = JoinRule.Open;

    /// <summary>The join token of a <see cref="JoinRule.Token"/> network, 1 to 256 UTF-8 bytes; ignored with another rule.</summary>
    public string? JoinToken { get; init; }

    /// <summary>The network's admin token, 1 to 256 UTF-8 bytes; null for none.</summary>
    public string? AdminToken { get; init; }

    /// <summary>The enterprise flag, default off.</summary>
    public bool Enterprise { get; init; }

    /// <summary>The rules of a managed network; of durations only the text counts. Null for none.</summary>
    public RuleSet? Rules { get; init; }

    /// <summary>The expression policy, a JSON object of at most 64 KiB whose <c>version</c> is 1; null for none.</summary>
    public string? ExprPolicy { get; init; }

    /// <summary>The network without its tokens.</summary>
    public override string ToString() => $"{Name} of {Creator}, {JoinRule.ToText()}";

    internal void Write(RequestWriter fields) => fields
        .Write("node_id", Creator)
        .Write("name", Name)
        .Write("join_rule", JoinRule.ToText())
        .Write("token", JoinToken)
        .Write("network_admin_token", AdminToken)
        .Write("enterprise", Enterprise)
        .Write("rules", Rules)
        .WriteDocument("expr_policy", ExprPolicy);
}
