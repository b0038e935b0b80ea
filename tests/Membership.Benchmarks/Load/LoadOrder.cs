namespace Membership.Benchmarks.Load;

/// <summary>One run of a load.</summary>
/// <param name="Operation">What the clients do.</param>
/// <param name="Clients">How many there are.</param>
/// <param name="Seconds">The length of the run.</param>
/// <param name="FirstNode">The node of the first client; the others follow.</param>
/// <param name="Networks">They use networks 1 to this.</param>
/// <param name="Port">Where the replica serves clients; unused within its process.</param>
internal sealed record LoadOrder(Operation Operation, int Clients, double Seconds, uint FirstNode, int Networks, int Port = 0);
