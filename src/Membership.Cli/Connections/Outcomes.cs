using Membership.Cli.Output;
using Membership.Client;

namespace Membership.Cli.Connections;

/// <summary>What became of requests, as results.</summary>
internal static class Outcomes
{
    /// <summary>Waits for a success.</summary>
    /// <exception cref="MembershipRequestException">It was rejected, or its outcome is not known.</exception>
    public static async Task<Done<T>> DoneAsync<T>(this Task<ClientOutcome<T>> request)
    {
        var outcome = await request;
        outcome.Require();
        return (Done<T>)outcome;
    }

    /// <summary>At which revision a mutation happened, and under which id.</summary>
    public static Fields ToFields<T>(this Done<T> done) => new() { { "revision", done.Revision }, { "request_id", done.RequestId } };
}
