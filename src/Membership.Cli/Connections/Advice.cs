namespace Membership.Cli.Connections;

/// <summary>What to do about a refusal.</summary>
internal static class Advice
{
    private const string LookAtNetwork = "see 'membership network get'";
    private const string LookAtMember = "see 'membership member list'";

    /// <summary>The advice for a code; null for one that this tool does not know.</summary>
    public static string For(Code? code) => code switch
    {
        Code.InvalidFrame or Code.InvalidJson or Code.UnknownCommand => "see that tool and replicas are of the same version",
        Code.InvalidArgument or Code.RulesInvalid or Code.ExprPolicyInvalid or Code.PolicyInvalid or Code.NameInvalid or Code.TagInvalid
            or Code.TooManyTags or Code.JoinRuleInvalid or Code.InvalidRole or Code.ExternalIdInvalid or Code.KeyInvalid => "see --help for what is allowed",
        Code.Backbone => "name another network than 0",
        Code.SignatureRequired or Code.AdminRequired or Code.LegacyDisabled => "give --token-file, or --key with --node where a node may ask",
        Code.SignatureInvalid or Code.UnknownSigner or Code.StaleCredential => "see that --key is the present key of --node",
        Code.WrongCluster => "see 'membership status' for the id that belongs into --cluster",
        Code.RequestExpired or Code.RequestFromFuture => "set this machine's clock",
        Code.RequestIdReused or Code.RequestSettled or Code.TooManyUnsettled or Code.TooManySessions => "ask again",
        Code.TlsRequired => "give --tls or --tls-authority",
        Code.AdminTokenInvalid => "see that the token is one of the replicas' or the network's",
        Code.AdminDisabled => "start the replicas with an admin token",
        Code.NotAuthorized or Code.RoleRequired or Code.ActorNotAMember => "ask as the owner, an admin of the network or of the registry",
        Code.NetworkNotFound => "see 'membership network list'; only who may see it can name it",
        Code.NodeNotFound => "see 'membership node list'",
        Code.NotAMember or Code.AlreadyMember or Code.AlreadyAdmin or Code.AlreadyPlainMember or Code.AlreadyOwner => LookAtMember,
        Code.EnterpriseRequired => "an admin may turn it on: 'membership network enterprise NETWORK on'",
        Code.KeyInUse => "make another key: 'membership node keygen FILE'",
        Code.TooManyNodes or Code.IdSpaceExhausted => "remove some that are not used",
        Code.NameReserved or Code.NameTaken => "choose another name",
        Code.TokenRequired => "give --join-token-file",
        Code.JoinTokenInvalid => "ask the network's owner for the join token",
        Code.InviteOnly => "have a member with a role invite the node: 'membership invite send'",
        Code.NetworkFull or Code.MaxMembersBelowCount => "see max_members in 'membership network policy'",
        Code.CannotDisable => "set another join rule first",
        Code.CannotLeave or Code.CannotKickOwner or Code.CannotChangeOwner => "transfer the ownership first: 'membership member transfer-ownership'",
        Code.CannotKickAdmin => "ask as the owner",
        Code.TooManyPreassignments => "give at most 10000",
        Code.SelfInvite => "name another node than the inviter",
        Code.NotInviteNetwork => LookAtNetwork,
        Code.InboxFull or Code.TooManyInvites => "wait for answers, or revoke some: 'membership invite revoke'",
        Code.InviteNotFound => "see 'membership invite list' and 'membership invite inbox'",
        Code.AnswerTooLarge => "ask for less at a time",
        Code.AuditTruncated => "begin later: --from-revision",
        Code.ReplicaNotFound or Code.ReplicaInUse or Code.TooManyVoters or Code.LastVoter => "see 'membership peers'",
        Code.ReplicaNotReady => "see that it runs, and to be added has an empty data folder",
        Code.ChangeInProgress or Code.NotCaughtUp => "wait and try again; see 'membership peers'",
        Code.NotLeader or Code.Unavailable => "see 'membership health', and try again",
        Code.Overloaded or Code.RateLimited => "try again later",
        _ => "see the command specification",
    };
}
