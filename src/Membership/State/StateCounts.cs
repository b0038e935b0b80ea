namespace Membership.State;

/// <summary>How many records of a kind there are.</summary>
/// <param name="Networks">Networks, the backbone not among them.</param>
/// <param name="Nodes">Registered nodes.</param>
/// <param name="Members">Memberships over all networks, those of the backbone not among them.</param>
/// <param name="Invites">Invites that are not answered yet.</param>
/// <param name="Sessions">Sessions of clients.</param>
public readonly record struct StateCounts(int Networks, int Nodes, int Members, int Invites, int Sessions)
{
    internal static StateCounts Of(MembershipState state) => new(
        state.NetworkCount, state.NodeCount, state.MemberCount, state.Tables.Invites.Count, state.Tables.Sessions.Count);
}
