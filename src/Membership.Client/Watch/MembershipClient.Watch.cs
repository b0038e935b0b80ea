using System.Runtime.CompilerServices;

namespace Membership.Client;

public sealed partial class MembershipClient
{
    /// <summary>
    /// Watches events, on a connection of its own because one that waits takes no other request. For whoever may see the networks.
    /// </summary>
    /// <param name="fromRevision">Events of this revision and later ones.</param>
    /// <param name="filter">Which events; null for all.</param>
    /// <param name="cancel">Ends the watch with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>
    /// Pages without end, empty ones while nothing happens. Only when events are gone a page says so, with
    /// <see cref="WatchPage.OldestRevision"/>, and is the last.
    /// </returns>
    /// <exception cref="MembershipRequestException">A page was rejected; after a pause one may go on from the last page.</exception>
    public async IAsyncEnumerable<WatchPage> WatchAsync(
        ulong fromRevision, WatchFilter? filter = null, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        filter ??= new();
        using var links = new ReplicaLinks(_options, _options.AnswerLimit + filter.Wait);
        var sender = new RequestSender(links, _options);
        while (true)
        {
            var outcome = await AskAsync(sender, filter.ToCommand(fromRevision), ReadWatch, _limit + filter.Wait, cancel);
            var page = outcome.Require();
            yield return page;
            if (page.OldestRevision is not null) yield break;
            fromRevision = page.NextRevision;
        }
    }

    private static WatchPage ReadWatch(AnswerReader a) => a.Flag("gone")
        ? new([], a.Number("oldest"), a.Number("oldest"))
        : new(a.List("events", ReadEvent), a.Number("next_revision"), null);

    private static WatchedEvent ReadEvent(AnswerReader a) => new(
        a.Number("revision"),
        a.Milliseconds("time"),
        a.Text("actor"),
        a.Text("actor_role"),
        a.RequestId("request_id"),
        a.Text("action"),
        a.Attributes("attributes"));
}
