namespace Membership.Formats;

/// <summary>
/// The kinds of records in the order in which a snapshot holds them. The numbers stand in snapshots and digests and are never
/// reused.
/// </summary>
internal enum RecordKind : byte
{
    Counters = 1,
    Network = 2,
    ExprPolicy = 3,
    PreAssignment = 4,
    FreedId = 5,
    Node = 6,
    FormerKey = 7,
    Member = 8,
    Invite = 9,
    Session = 10,
    Outcome = 11,
    Audit = 12,
}
