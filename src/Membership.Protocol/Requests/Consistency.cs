namespace Membership.Protocol.Requests;

/// <summary>How fresh the answer to a query must be.</summary>
public enum Consistency
{
    /// <summary>After every change that any replica acknowledged before the query.</summary>
    Linearizable = 0,

    /// <summary>The leader's state, without asking the others.</summary>
    Leader = 1,

    /// <summary>The answering replica's state.</summary>
    Stale = 2,
}
