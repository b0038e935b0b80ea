using Membership.Protocol.Requests;
using Microsoft.Extensions.Logging;

namespace Membership.Registry.Wire;

/// <summary>What all connections of an endpoint share.</summary>
/// <param name="Parser">Reads requests.</param>
/// <param name="Handle">Answers requests.</param>
/// <param name="Options">The limits.</param>
/// <param name="Room">Bytes held for all clients.</param>
/// <param name="Rate">Mutations of each node.</param>
/// <param name="Sources">Limits of each source address.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">Where failures go.</param>
internal sealed record WireServices(
    RequestParser Parser,
    HandleRequest Handle,
    WireOptions Options,
    UnansweredBytes Room,
    NodeMutationRate Rate,
    SourceLimits Sources,
    TimeProvider Time,
    ILogger Logger);
