using Membership.Formats;

namespace Membership.Mutations;

/// <summary>Which type reads the fields of which kind.</summary>
internal static class MutationFormat
{
    /// <summary>
    /// The state version that brought a kind. Before that version is in force, a library that knows the kind treats it as one that does not:
    /// both are in one cluster while it is upgraded.
    /// </summary>
    public static uint SinceVersion(MutationKind kind) => kind switch
    {
        <= MutationKind.RevokeInvite => 1,
        _ => uint.MaxValue,
    };

    /// <summary>Reads the fields of a mutation of this kind; null for a kind that this library does not have.</summary>
    public static Mutation? ReadFields(MutationKind kind, ref FieldReader r) => kind switch
    {
        MutationKind.RegisterNode => RegisterNode.Read(ref r),
        MutationKind.DeregisterNode => DeregisterNode.Read(ref r),
        MutationKind.RotateNodeKey => RotateNodeKey.Read(ref r),
        MutationKind.SetExternalId => SetExternalId.Read(ref r),
        MutationKind.SetTaskExec => SetTaskExec.Read(ref r),
        MutationKind.CreateNetwork => CreateNetwork.Read(ref r),
        MutationKind.DeleteNetwork => DeleteNetwork.Read(ref r),
        MutationKind.RenameNetwork => RenameNetwork.Read(ref r),
        MutationKind.SetNetworkEnterprise => SetNetworkEnterprise.Read(ref r),
        MutationKind.SetJoinRule => SetJoinRule.Read(ref r),
        MutationKind.SetNetworkAdminToken => SetNetworkAdminToken.Read(ref r),
        MutationKind.SetNetworkPolicy => SetNetworkPolicy.Read(ref r),
        MutationKind.SetExprPolicy => SetExprPolicy.Read(ref r),
        MutationKind.SetRbacPreassignments => SetRbacPreassignments.Read(ref r),
        MutationKind.JoinNetwork => JoinNetwork.Read(ref r),
        MutationKind.LeaveNetwork => LeaveNetwork.Read(ref r),
        MutationKind.KickMember => KickMember.Read(ref r),
        MutationKind.PromoteMember => PromoteMember.Read(ref r),
        MutationKind.DemoteMember => DemoteMember.Read(ref r),
        MutationKind.TransferOwnership => TransferOwnership.Read(ref r),
        MutationKind.SetMemberTags => SetMemberTags.Read(ref r),
        MutationKind.InviteToNetwork => InviteToNetwork.Read(ref r),
        MutationKind.RespondInvite => RespondInvite.Read(ref r),
        MutationKind.RevokeInvite => RevokeInvite.Read(ref r),
        _ => null,
    };

    /// <summary>Reads a verdict: <see cref="Code.Ok"/> or one of those that the mutation can carry.</summary>
    public static Code ReadVerdict(ref FieldReader r, Code first, Code second = Code.Ok)
    {
        var verdict = (Code)r.ReadUInt16();
        return verdict == Code.Ok || verdict == first || verdict == second
            ? verdict
            : throw new FormatViolationException("verdict");
    }
}
