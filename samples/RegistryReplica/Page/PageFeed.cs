using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Membership.Replication;
using Membership.Replication.Watch;
using Microsoft.AspNetCore.Http;

namespace RegistryReplica.Page;

/// <summary>
/// What a page hears as it happens: <c>cluster</c> with each new view of the replicas, <c>events</c> with what was applied (its id being
/// the last revision within, from which a browser goes on by itself), and <c>gone</c> where events were left out.
/// </summary>
/// <remarks>
/// It reads the same events as <see cref="MembershipReplica.WatchAsync"/>, page by page. That call makes up for events that are gone by
/// going through the whole present state, which may have millions of members; here it is enough to say so, as the page asks for what it shows.
/// </remarks>
internal sealed class PageFeed(MembershipReplica replica, ClusterPulse pulse)
{
    private const int EventsMax = 100;

    // Nobody reads faster, and no browser draws much more: whoever is behind by more than this is brought up to the last events.
    private const ulong BehindMax = 500;

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    /// <summary>The revision that the asking page saw last: the browser's own word, else the page's; null for none.</summary>
    public static ulong? ReadLastSeen(HttpRequest request, ulong? after) =>
        ulong.TryParse(request.Headers["Last-Event-ID"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var last) ? last : after;

    public async IAsyncEnumerable<SseItem<object>> RunAsync(ulong? lastSeen, CancellationToken stopping, [EnumeratorCancellation] CancellationToken token)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stopping, token);
        using var timer = new PeriodicTimer(Beat);
        ClusterView? shown = null;
        var from = FirstOf(lastSeen);
        do
        {
            if (pulse.Latest is { } latest && latest != shown) yield return new(shown = latest, "cluster");
            if (TakeEvents(ref from) is { } item) yield return item;
        }
        while (await NextAsync(timer, ends.Token));
    }

    // Null in between, and while the replica has nothing to show.
    private SseItem<object>? TakeEvents(ref ulong from)
    {
        try
        {
            var present = replica.State.Revision;
            var first = present >= BehindMax + from ? present - EventsMax + 1 : from;
            var page = replica.ReadEvents(first, EventsMax, static _ => true);
            if (page.OldestRevision is { } oldest) first = oldest;
            if (first != from)
            {
                var gone = new { from, to = first - 1 };
                from = first;
                return new(gone, "gone") { EventId = Id(first - 1) };
            }

            from = page.NextRevision;
            return page.Events.IsEmpty
                ? null
                : new(new { events = page.Events.Select(EventView.Of).ToList() }, "events") { EventId = Id(from - 1) };
        }
        catch (ReplicaUnavailableException)
        {
            return null;
        }
    }

    // A page that is opened shows the last events, not the first.
    private ulong FirstOf(ulong? lastSeen)
    {
        if (lastSeen is { } last && last < ulong.MaxValue) return last + 1;
        var present = replica.Status.Revision;
        return present > EventsMax ? present - EventsMax + 1 : 1;
    }

    private static async ValueTask<bool> NextAsync(PeriodicTimer timer, CancellationToken token)
    {
        try
        {
            return await timer.WaitForNextTickAsync(token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static string Id(ulong revision) => revision.ToString(CultureInfo.InvariantCulture);
}
