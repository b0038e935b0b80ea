using Membership.Protocol.Signing;

namespace Membership.Protocol.Requests;

/// <summary>A command that changes the state.</summary>
/// <remarks>Its tokens are kept apart and show in no text.</remarks>
public sealed record MutationCommand : Command
{
    private readonly Func<IProposalInputs, Mutation>? _complete;
    private readonly string? _stockChallenge;

    internal MutationCommand(
        Mutation mutation, Func<IProposalInputs, Mutation>? complete = null, string? stockChallenge = null)
    {
        Mutation = mutation;
        _complete = complete;
        _stockChallenge = stockChallenge;
    }

    /// <summary>
    /// What is asked, as far as the request alone says it: without verifiers, proofs and verdicts about keys. Answers are made from it;
    /// proposed is what <see cref="Complete"/> returns.
    /// </summary>
    public Mutation Mutation { get; }

    /// <summary>
    /// Whether a token is among its own fields: one to be set, or one that proves a right to join. What carries one is as secret as a
    /// credential.
    /// </summary>
    public bool CarriesToken { get; internal init; }

    /// <inheritdoc/>
    public override Credential Credential => Mutation is CreateNetwork or SetExternalId or SetNetworkEnterprise or SetRbacPreassignments
        ? Credential.Admin
        : Credential.Any;

    /// <inheritdoc/>
    public override NetworkId? Network => Mutation switch
    {
        DeleteNetwork m => m.Network,
        RenameNetwork m => m.Network,
        SetNetworkEnterprise m => m.Network,
        SetJoinRule m => m.Network,
        SetNetworkAdminToken m => m.Network,
        SetNetworkPolicy m => m.Network,
        SetExprPolicy m => m.Network,
        SetRbacPreassignments m => m.Network,
        JoinNetwork m => m.Network,
        LeaveNetwork m => m.Network,
        KickMember m => m.Network,
        PromoteMember m => m.Network,
        DemoteMember m => m.Network,
        TransferOwnership m => m.Network,
        SetMemberTags m => m.Network,
        InviteToNetwork m => m.Network,
        RespondInvite m => m.Network,
        RevokeInvite m => m.Network,
        _ => null,
    };

    /// <inheritdoc/>
    public override LegacyChallenge? Challenge => Mutation switch
    {
        JoinNetwork m => new(m.Node, SignedText.JoinNetwork(m.Node, m.Network)),
        LeaveNetwork m => new(m.Node, SignedText.LeaveNetwork(m.Node, m.Network)),
        InviteToNetwork m => new(m.Inviter, SignedText.Invite(m.Inviter, m.Network, m.Target)),
        RespondInvite m => new(m.Node, SignedText.RespondInvite(m.Node, m.Network)),
        DeregisterNode m => new(m.Node, SignedText.Deregister(m.Node)),
        SetTaskExec m => new(m.Node, SignedText.SetTaskExec(m.Node)),
        RegisterNode when _stockChallenge is not null => new(NodeId.Nobody, _stockChallenge),
        _ => null,
    };

    /// <summary>
    /// The mutation to propose: with verifiers and proofs instead of tokens, and with the verdict about a key and its proof. Costs some
    /// tenths of a millisecond when there is a key, so authenticate before.
    /// </summary>
    public Mutation Complete(IProposalInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return _complete is null ? Mutation : _complete(inputs);
    }
}
