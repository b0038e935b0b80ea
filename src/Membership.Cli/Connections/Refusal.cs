using System.Net.Sockets;
using Membership.Cli.Running;
using Membership.Client;

namespace Membership.Cli.Connections;

/// <summary>Turns what the registry refused into the end of the run.</summary>
internal static class Refusal
{
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(1);

    /// <summary>The end that belongs to it.</summary>
    public static async Task<ToolException> ToEndAsync(
        MembershipRequestException refused, IReadOnlyList<ReplicaEndPoint> endPoints, CancellationToken cancel)
    {
        var code = refused.CodeName ?? "error";
        if (refused.Code == Code.OutcomeUnknown)
        {
            var look = refused.RequestId is { } id ? $"of request {id}, look with 'membership audit --request {id}'" : ", look what has changed";
            return new(ExitCode.OutcomeUnknown, code, $"no replica said what became {look}");
        }

        if (refused.Code == Code.Unavailable && !await AnyListensAsync(endPoints, cancel))
            return new(ExitCode.Unavailable, code, $"no replica answers at {string.Join(", ", endPoints)}, see that they run and are reachable");
        var what = refused.Code is { } known ? known.ToText() : "refused with a code that this tool does not know";
        var field = refused.Field is { } name ? $" ({name})" : "";
        return new(refused.MayRetry ? ExitCode.Unavailable : ExitCode.Refused, code, $"{what}{field}, {Advice.For(refused.Code)}");
    }

    private static async Task<bool> AnyListensAsync(IReadOnlyList<ReplicaEndPoint> endPoints, CancellationToken cancel) =>
        (await Task.WhenAll(endPoints.Select(endPoint => ListensAsync(endPoint, cancel)))).Contains(true);

    private static async Task<bool> ListensAsync(ReplicaEndPoint endPoint, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(ProbeLimit);
        using var probe = new TcpClient();
        try
        {
            await probe.ConnectAsync(endPoint.Host, endPoint.Port, limit.Token);
            return true;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}
