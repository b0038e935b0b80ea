using Membership.Replication;

namespace Membership.Registry.Wire;

/// <summary>What is remembered of a connection as long as it lasts.</summary>
/// <remarks>Thread-safe, except <see cref="LaneOf"/>: the mutations of a connection begin one after another.</remarks>
internal sealed class ClientMemory
{
    private volatile bool _isKnown;
    private ulong _revision;
    private ProposalLane? _lane;

    /// <summary>Whether it has shown a valid credential.</summary>
    public bool IsKnown => _isKnown;

    /// <summary>The revision of its latest change: what it reads from now on is not older.</summary>
    public ulong Revision => Interlocked.Read(ref _revision);

    /// <summary>It has shown a valid credential.</summary>
    public void Know() => _isKnown = true;

    /// <summary>One of its changes has this revision.</summary>
    public void Remember(ulong revision)
    {
        for (var present = Revision; revision > present;)
        {
            var found = Interlocked.CompareExchange(ref _revision, revision, present);
            if (found == present) return;
            present = found;
        }
    }

    /// <summary>Where its mutations are proposed in order.</summary>
    public ProposalLane LaneOf(MembershipReplica replica) => _lane ??= replica.OpenLane();
}
