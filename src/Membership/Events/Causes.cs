namespace Membership.Events;

/// <summary>Why a network got another owner without a transfer.</summary>
public static class OwnerChangeCause
{
    /// <summary>The owner went, and the admin or else the member that joined first follows.</summary>
    public const string Succession = "succession";

    /// <summary>The network was empty, and the first to join owns it.</summary>
    public const string FirstJoiner = "first_joiner";
}

/// <summary>Why an invite went before it was answered.</summary>
public static class InviteRevokeCause
{
    /// <summary>Somebody revoked it.</summary>
    public const string Revoked = "revoked";

    /// <summary>Its inviter left the network.</summary>
    public const string InviterLeft = "inviter_left";

    /// <summary>Its inviter was kicked.</summary>
    public const string InviterKicked = "inviter_kicked";

    /// <summary>Its inviter was demoted.</summary>
    public const string InviterDemoted = "inviter_demoted";

    /// <summary>Its inviter or its target was deregistered.</summary>
    public const string NodeDeregistered = "node_deregistered";

    /// <summary>The network's join rule is <c>invite</c> no more.</summary>
    public const string JoinRuleChanged = "join_rule_changed";

    /// <summary>The network was deleted.</summary>
    public const string NetworkDeleted = "network_deleted";
}
