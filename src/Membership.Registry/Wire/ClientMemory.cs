using Membership.Replication;

namespace Membership.Registry.Wire;

/// <summary>What is remembered of a connection as long as it lasts.</summary>
/// <remarks>
/// Thread-safe, except <see cref="LaneOf"/> and <see cref="Resume"/>: the mutations of a connection begin one after another.
/// </remarks>
internal sealed class ClientMemory
{
    private volatile bool _isKnown;
    private volatile bool _isRefusing;
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

    /// <summary>Whether a change found no room, and what the client has sent behind it has none either.</summary>
    public bool IsRefusing => _isRefusing;

    /// <summary>A change found no room.</summary>
    public void Refuse() => _isRefusing = true;

    /// <summary>What comes now, the client has sent knowing of what was refused.</summary>
    public void Resume()
    {
        _isRefusing = false;
        _lane?.Resume();
    }

    /// <summary>Where its mutations are proposed in order.</summary>
    public ProposalLane LaneOf(MembershipReplica replica) => _lane ??= replica.OpenClientLane();
}
