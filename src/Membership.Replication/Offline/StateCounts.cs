using Membership.State;

namespace Membership.Replication.Offline;

/// <summary>How much a state holds.</summary>
/// <param name="Nodes">Registered nodes.</param>
/// <param name="Networks">Networks, the backbone not counted.</param>
/// <param name="Members">Memberships over all networks.</param>
/// <param name="Invites">Invites.</param>
/// <param name="Sessions">Sessions of clients.</param>
/// <param name="AuditRecords">Audit records that the state still holds.</param>
public sealed record StateCounts(int Nodes, int Networks, int Members, int Invites, int Sessions, int AuditRecords)
{
    /// <summary>Counts.</summary>
    public static StateCounts Of(MembershipState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new(state.NodeCount, state.NetworkCount, state.MemberCount, state.InviteCount, state.SessionCount, state.AuditCount);
    }
}
