using System.Runtime.CompilerServices;

namespace Membership.Client;

public sealed partial class MembershipClient
{
    /// <summary>
    /// Every event that the client may see, once and in order, without end, from whichever replica serves. Where events are gone, one item
    /// holds the present state instead, and the events after it follow; so one call keeps its consumer in step.
    /// </summary>
    /// <remarks>
    /// It has a connection of its own, because one that waits takes no other request; the present state is read on the client's. When a
    /// replica goes, the watch goes on at another one, from the same revision, and waits there until that one has come as far.
    /// </remarks>
    /// <param name="fromRevision">Events of this revision and later ones: <see cref="WatchItem.NextRevision"/> of the last item seen, or 0 for all.</param>
    /// <param name="filter">Which events; null for all.</param>
    /// <param name="cancel">Ends the watch with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="MembershipRequestException">
    /// The replicas refused (<c>network_not_found</c> once the network that is watched is gone or hidden), or none served within the time
    /// of a request; then one may go on from the last item. So it ends, too, where events are gone and networks change faster than they can
    /// be read, so that no revision of them all is to be had in that time: watch fewer of them, or where more events are held.
    /// </exception>
    public async IAsyncEnumerable<WatchItem> WatchAsync(
        ulong fromRevision, WatchFilter? filter = null, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        filter ??= new();
        using var links = new ReplicaLinks(_options, _options.AnswerLimit + filter.Wait);
        var sender = new RequestSender(links, _options);
        while (true)
        {
            var page = await PollAsync(sender, filter, fromRevision, cancel);
            if (page.OldestRevision is { } oldest)
            {
                var present = await ReadPresentAsync(sender, filter, oldest, cancel);
                fromRevision = present.NextRevision;
                yield return present;
            }
            else
            {
                foreach (var happened in page.Events) yield return happened;
                fromRevision = page.NextRevision;
            }
        }
    }

    private async Task<WatchPage> PollAsync(RequestSender sender, WatchFilter filter, ulong from, CancellationToken cancel) =>
        (await AskAsync(sender, filter.ToCommand(from), ReadWatch, _limit + filter.Wait, cancel)).Require();

    private async Task<PresentState> ReadPresentAsync(RequestSender sender, WatchFilter filter, ulong oldest, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(_limit, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        var changes = new WatchFilter { Network = filter.Network, Wait = PresentReader.ChangesWait };
        try
        {
            var reader = new PresentReader(this, filter, (from, stop) => PollAsync(sender, changes, from, stop));
            return await reader.ReadAsync(oldest, either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new MembershipRequestException(Rejection.From(Code.Unavailable), requestId: null);
        }
    }

    private static WatchPage ReadWatch(AnswerReader a)
    {
        if (a.Flag("gone")) return new([], a.Number("oldest"), a.Number("oldest"));
        var events = a.List("events", ReadEvent);
        var items = events.Select((happened, i) => happened with { NextRevision = NextAfter(happened, events.ElementAtOrDefault(i + 1)) });
        return new([.. items], a.Number("next_revision"), null);
    }

    private static ulong NextAfter(WatchedEvent happened, WatchedEvent? next) =>
        next?.Revision == happened.Revision ? happened.Revision : happened.Revision + 1;

    private static WatchedEvent ReadEvent(AnswerReader a) => new(
        a.Number("revision"),
        a.Milliseconds("time"),
        a.Text("actor"),
        a.Text("actor_role"),
        a.RequestId("request_id"),
        a.Text("action"),
        a.Attributes("attributes"));
}
