using System.Diagnostics;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace Membership.Replication.Telemetry;

/// <summary>Carries a trace between replicas: with calls that are made within one, and only while somebody listens.</summary>
internal sealed class PeerTracing : IActivityTracingStrategy
{
    /// <summary>Thread-safe, as it holds nothing.</summary>
    public static PeerTracing Instance { get; } = new();

    /// <inheritdoc/>
    public void ApplyOutboundActivity(JsonRpcRequest request)
    {
        if (ProposalTrace.Origin is not { IdFormat: ActivityIdFormat.W3C } origin) return;
        request.TraceParent = origin.Id;
        request.TraceState = origin.TraceStateString;
    }

    /// <inheritdoc/>
    public IDisposable? ApplyInboundActivity(JsonRpcRequest request)
    {
        if (!ProposalTrace.IsListenedTo || request.TraceParent is not { } parent) return null;
        return ActivityContext.TryParse(parent, request.TraceState, isRemote: true, out var context)
            ? MembershipTelemetry.Source.StartActivity("membership.peer.request", ActivityKind.Server, context)?.SetTag("rpc.method", request.Method)
            : null;
    }
}
