using Membership.Audit;

namespace Membership.State;

/// <summary>The scalars of the state. Revision, time and the id counters never go back (invariant I10).</summary>
internal struct Counters
{
    /// <summary>Formats, kinds and limits in force.</summary>
    public uint StateVersion;

    /// <summary>Which cluster this is; fixed when it is founded.</summary>
    public string ClusterId;

    /// <summary>The revision given out last.</summary>
    public ulong Revision;

    /// <summary>Cluster time, Unix ms.</summary>
    public long Time;

    /// <summary>Cluster time of the first entry, Unix ms.</summary>
    public long FoundedAt;

    /// <summary>The network id given out last by the counter.</summary>
    public ushort LastNetworkId;

    /// <summary>The node id given out last.</summary>
    public uint LastNodeId;

    /// <summary>Signed requests issued at or before it are expired whatever their age, Unix ms.</summary>
    public long SessionFloorTime;

    /// <summary>Number of the audit record made last; the first one is 1.</summary>
    public ulong LastAuditNumber;

    /// <summary>Hash of the audit record made last; empty before the first.</summary>
    public AuditHash AuditHead;
}
