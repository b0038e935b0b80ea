namespace Membership;

/// <summary>
/// Why a command was rejected, or <see cref="Ok"/>. The numbers stand in entries, sessions and snapshots and are never reused.
/// </summary>
/// <remarks>Source: command specification, section 8. Names and texts: <see cref="CodeText"/>.</remarks>
public enum Code : ushort
{
#pragma warning disable CS1591 // each is explained by its text in CodeText
    Ok = 0,

    // The request as such.
    InvalidFrame = 1,
    InvalidJson = 2,
    UnknownCommand = 3,
    InvalidArgument = 4,
    Backbone = 5,

    // Credentials and sessions.
    SignatureRequired = 10,
    SignatureInvalid = 11,
    LegacyDisabled = 12,
    UnknownSigner = 13,
    WrongCluster = 14,
    RequestExpired = 15,
    RequestFromFuture = 16,
    RequestIdReused = 17,
    RequestSettled = 18,
    TooManyUnsettled = 19,
    TooManySessions = 20,
    TlsRequired = 21,
    StaleCredential = 22,
    AdminRequired = 23,
    AdminTokenInvalid = 24,
    AdminDisabled = 25,
    NotAuthorized = 26,

    // Who and what.
    NetworkNotFound = 30,
    NodeNotFound = 31,
    NotAMember = 32,
    RoleRequired = 33,

    /// <summary>The role gate's own <c>not_a_member</c>: it is the actor that is none.</summary>
    ActorNotAMember = 34,

    // Commands.
    EnterpriseRequired = 40,
    KeyInvalid = 41,
    KeyInUse = 42,
    TooManyNodes = 43,
    ExternalIdInvalid = 44,
    RulesInvalid = 45,
    ExprPolicyInvalid = 46,
    NameInvalid = 47,
    NameReserved = 48,
    NameTaken = 49,
    JoinRuleInvalid = 50,
    TokenRequired = 51,
    JoinTokenInvalid = 52,
    InviteOnly = 53,
    AlreadyMember = 54,
    NetworkFull = 55,
    IdSpaceExhausted = 56,
    CannotDisable = 57,
    CannotLeave = 58,
    PolicyInvalid = 59,
    MaxMembersBelowCount = 60,
    TooManyPreassignments = 61,
    InvalidRole = 62,
    CannotKickOwner = 63,
    CannotKickAdmin = 64,
    CannotChangeOwner = 65,
    AlreadyAdmin = 66,
    AlreadyPlainMember = 67,
    AlreadyOwner = 68,
    TooManyTags = 69,
    TagInvalid = 70,
    SelfInvite = 71,
    NotInviteNetwork = 72,
    InboxFull = 73,
    TooManyInvites = 74,
    InviteNotFound = 75,
    AnswerTooLarge = 76,
    AuditTruncated = 77,

    // Changes of the cluster: nothing was changed.
    ReplicaNotFound = 80,
    ReplicaInUse = 81,
    ReplicaNotReady = 82,
    ChangeInProgress = 83,
    TooManyVoters = 84,
    LastVoter = 85,
    NotCaughtUp = 86,

    // The replica, not the command: try again.
    NotLeader = 90,
    Unavailable = 91,
    Overloaded = 92,
    RateLimited = 93,
    OutcomeUnknown = 94,
#pragma warning restore CS1591
}
