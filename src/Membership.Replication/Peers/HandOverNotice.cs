namespace Membership.Replication.Peers;

/// <summary>Says who is to lead next.</summary>
/// <param name="Term">The term of the leader that says so; whoever knows a later one ignores it.</param>
/// <param name="LastIndex">The end of that leader's log: the next one has all of it.</param>
/// <param name="Successor">The replica id of the next leader.</param>
internal sealed record HandOverNotice(long Term, long LastIndex, string Successor);
