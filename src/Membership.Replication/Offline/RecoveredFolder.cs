namespace Membership.Replication.Offline;

/// <summary>What came of a recovery.</summary>
/// <param name="Survivor">What the replica held; null when the call finished one that had been cut short.</param>
/// <param name="Founded">What was made of it.</param>
public sealed record RecoveredFolder(Survivor? Survivor, FoundedFolder Founded);
