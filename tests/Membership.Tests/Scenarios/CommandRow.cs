using System.Collections.Immutable;
using static Membership.Code;

namespace Membership.Tests.Scenarios;

/// <summary>
/// A row of the command specification, section 3, as far as a scenario can prove it: every rejection that can be reached, in the order
/// of the checks, and whether a success may change nothing.
/// </summary>
internal sealed record CommandRow(MutationKind Kind, bool MayChangeNothing, ImmutableArray<Code> Rejections)
{
    // The role gate's checks in their order; the last is a node_id that is not the actor's.
    private static ImmutableArray<Code> RoleGate { get; } =
        [InvalidArgument, Backbone, NetworkNotFound, ActorNotAMember, RoleRequired, NotAuthorized];

    /// <summary>All rows.</summary>
    public static ImmutableArray<CommandRow> All { get; } =
    [
        Row(
            MutationKind.RegisterNode,
            [NotAuthorized, AdminRequired, KeyInvalid, ExternalIdInvalid, KeyInUse, TooManyNodes],
            mayChangeNothing: true),
        Row(MutationKind.DeregisterNode, [InvalidArgument, NotAuthorized], mayChangeNothing: true),
        Row(MutationKind.RotateNodeKey, [InvalidArgument, NotAuthorized, KeyInvalid, NodeNotFound, SignatureInvalid, KeyInUse]),
        Row(MutationKind.SetExternalId, [InvalidArgument, AdminRequired, ExternalIdInvalid, NodeNotFound], mayChangeNothing: true),
        Row(MutationKind.SetTaskExec, [InvalidArgument, NotAuthorized, NodeNotFound], mayChangeNothing: true),
        Row(
            MutationKind.CreateNetwork,
            [
                InvalidArgument, AdminRequired, RulesInvalid, ExprPolicyInvalid, NameInvalid, NameReserved, JoinRuleInvalid,
                TokenRequired, EnterpriseRequired, NodeNotFound, NameTaken, IdSpaceExhausted,
            ]),
        Gated(MutationKind.DeleteNetwork, []),
        Gated(MutationKind.RenameNetwork, [NameInvalid, NameReserved, NameTaken], mayChangeNothing: true),
        Row(MutationKind.SetNetworkEnterprise, [Backbone, AdminRequired, NetworkNotFound, CannotDisable], mayChangeNothing: true),
        Gated(MutationKind.SetJoinRule, [JoinRuleInvalid, TokenRequired, EnterpriseRequired], mayChangeNothing: true),
        Gated(MutationKind.SetNetworkAdminToken, [], mayChangeNothing: true),
        Gated(MutationKind.SetNetworkPolicy, [EnterpriseRequired, PolicyInvalid, MaxMembersBelowCount], mayChangeNothing: true),
        Gated(MutationKind.SetExprPolicy, [ExprPolicyInvalid], mayChangeNothing: true),
        Row(
            MutationKind.SetRbacPreassignments,
            [Backbone, AdminRequired, NetworkNotFound, EnterpriseRequired, ExternalIdInvalid, InvalidRole, TooManyPreassignments],
            mayChangeNothing: true),
        Row(
            MutationKind.JoinNetwork,
            [
                InvalidArgument, Backbone, NotAuthorized, NodeNotFound, NetworkNotFound, JoinTokenInvalid, InviteOnly, AlreadyMember,
                NetworkFull,
            ]),
        Row(MutationKind.LeaveNetwork, [InvalidArgument, Backbone, NotAuthorized, NodeNotFound, NetworkNotFound, NotAMember, CannotLeave]),
        Gated(MutationKind.KickMember, [EnterpriseRequired, NotAMember, CannotKickOwner, CannotKickAdmin]),
        Gated(MutationKind.PromoteMember, [EnterpriseRequired, NotAMember, CannotChangeOwner, AlreadyAdmin]),
        Gated(MutationKind.DemoteMember, [EnterpriseRequired, NotAMember, CannotChangeOwner, AlreadyPlainMember]),
        Gated(MutationKind.TransferOwnership, [EnterpriseRequired, NotAMember, AlreadyOwner]),
        Gated(MutationKind.SetMemberTags, [TooManyTags, TagInvalid, NotAMember], mayChangeNothing: true),
        Row(
            MutationKind.InviteToNetwork,
            [
                InvalidArgument, Backbone, SelfInvite, NotAuthorized, NodeNotFound, NetworkNotFound, EnterpriseRequired,
                NotInviteNetwork, ActorNotAMember, RoleRequired, AlreadyMember, InboxFull, TooManyInvites,
            ],
            mayChangeNothing: true),
        // A node that answers is registered, or its credential was stale before: node_not_found cannot be reached.
        Row(MutationKind.RespondInvite, [InvalidArgument, Backbone, NotAuthorized, InviteNotFound, NetworkFull]),
        Gated(MutationKind.RevokeInvite, [InviteNotFound]),
    ];

    private static CommandRow Row(MutationKind kind, ImmutableArray<Code> rejections, bool mayChangeNothing = false) =>
        new(kind, mayChangeNothing, rejections);

    private static CommandRow Gated(MutationKind kind, ImmutableArray<Code> rejections, bool mayChangeNothing = false) =>
        new(kind, mayChangeNothing, [.. RoleGate, .. rejections]);
}
