using System.Globalization;
using Membership;
using Membership.Audit;
using Membership.Queries;
using Membership.Replication;
using Membership.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Results = Microsoft.AspNetCore.Http.Results;

namespace RegistryReplica.Page;

/// <summary>
/// What the page asks for, a page of each list at a time: of the state as applied here, which may be behind for a moment. All that an admin
/// may see, and nothing that a query would not show: no token, no verifier.
/// </summary>
internal sealed class PageAnswers(MembershipReplica replica)
{
    private const int PageDefault = 50;
    private const int PageMax = 200;

    // A request looks at so many networks at most, and says where to go on.
    private const int LookedAtMax = 4096;

    public void Map(WebApplication web)
    {
        web.MapGet("/api/networks", ListNetworks);
        web.MapGet("/api/networks/{id:int}", GetNetwork);
        web.MapGet("/api/networks/{id:int}/members", ListMembers);
        web.MapGet("/api/invites", ListInvites);
        web.MapGet("/api/audit", ListAudit);
    }

    private IResult ListNetworks(string? search, ushort? after, int? limit)
    {
        var (viewer, state) = Look();
        var (wanted, max) = (search?.Trim() ?? "", Clamp(limit));
        var found = new List<NetworkView>();
        var page = viewer.ListNetworks(LookedAtMax, after is { } last ? new NetworkId(last) : null);
        foreach (var network in page.Items)
        {
            if (!Matches(network, wanted)) continue;
            if (found.Count == max) return Results.Ok(new { items = found, next = (ushort?)found[^1].Id });
            found.Add(NetworkView.Of(network, state.Limits));
        }

        return Results.Ok(new { items = found, next = page.Next?.Value });
    }

    private IResult GetNetwork(int id)
    {
        var (viewer, state) = Look();
        return ToId(id) is { } network && viewer.GetNetwork(network).Answer is { } answer
            ? Results.Ok(NetworkView.Of(answer, state.Limits))
            : Results.NotFound();
    }

    private IResult ListMembers(int id, uint? node, string? after, int? limit)
    {
        var (viewer, state) = Look();
        if (ToId(id) is not { } network) return Results.NotFound();
        if (node is { } wanted)
        {
            var one = viewer.GetMember(network, new(wanted));
            return Results.Ok(new { items = one.IsOk ? [MemberView.Of(one.Answer!, state.Limits)] : Array.Empty<MemberView>(), next = (string?)null });
        }

        if (viewer.ListNodes(network, Clamp(limit), ReadCursor(after)).Answer is not { } page) return Results.NotFound();
        return Results.Ok(new { items = page.Items.Select(member => MemberView.Of(member, state.Limits)), next = WriteCursor(page.Next) });
    }

    private IResult ListInvites(ushort? network, string? after, int? limit)
    {
        var (viewer, state) = Look();
        var invites = new List<InviteView>();
        var (max, cursor) = (Clamp(limit), InviteCursor.Read(after));
        InviteCursor? next = null;
        foreach (var id in network is { } one ? [one] : NetworksFrom(viewer, cursor, out next))
        {
            var behind = cursor?.Network == id ? cursor?.Target : null;
            var page = viewer.ListInvites(new(id), max - invites.Count, behind is { } target ? new NodeId(target) : null).Answer;
            if (page is not { Items.IsEmpty: false } || viewer.GetNetwork(new(id)).Answer is not { } to) continue;
            invites.AddRange(page.Items.Select(invite => InviteView.Of(to, invite, state, Now)));
            if (invites.Count < max) continue;
            next = page.Next is { } cut ? new(id, cut.Value) : network is null ? new(id, null) : null;
            break;
        }

        return Results.Ok(new { items = invites, next = next?.ToString() });
    }

    // A bounded number of them, from the cursor on.
    private static List<ushort> NetworksFrom(Viewer viewer, InviteCursor? cursor, out InviteCursor? next)
    {
        List<ushort> ids = cursor is { Target: not null } within ? [within.Network] : [];
        var page = viewer.ListNetworks(LookedAtMax, cursor is { } last ? new NetworkId(last.Network) : null);
        ids.AddRange(page.Items.Select(network => network.Id.Value));
        next = page.Next is { } cut ? new(cut.Value, null) : null;
        return ids;
    }

    private IResult ListAudit(ushort? network, uint? node, string? action, string? actor, long? since, long? until, ulong? before, int? limit)
    {
        var (viewer, _) = Look();
        var filter = new AuditFilter
        {
            Network = network is { } id ? new NetworkId(id) : null,
            Node = node is { } about ? new NodeId(about) : null,
            Action = string.IsNullOrWhiteSpace(action) ? null : action.Trim(),
        };
        var who = string.IsNullOrWhiteSpace(actor) ? null : actor.Trim();
        bool Selects(AuditEntry entry) =>
            (who is null || entry.Actor == who) && (since is null || entry.Time >= since) && (until is null || entry.Time < until);

        // Rejected are the backbone and nobody, of whom there are no records.
        return viewer.GetLatestAudit(filter, Clamp(limit), before, Selects).Answer is { } page
            ? Results.Ok(new { items = page.Items.Select(EventView.Of), next = page.Next })
            : Results.Ok(new { items = Array.Empty<EventView>(), next = (ulong?)null });
    }

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private (Viewer Viewer, MembershipState State) Look()
    {
        var state = replica.State;
        return (new(state, Actor.Admin()), state);
    }

    private static bool Matches(NetworkAnswer network, string wanted) =>
        wanted.Length == 0
        || network.Name.Contains(wanted, StringComparison.OrdinalIgnoreCase)
        || network.Id.Value.ToString(CultureInfo.InvariantCulture) == wanted.TrimStart('#');

    private static int Clamp(int? limit) => Math.Clamp(limit ?? PageDefault, 1, PageMax);

    private static NetworkId? ToId(int id) => id is >= 0 and <= ushort.MaxValue ? new NetworkId((ushort)id) : null;

    // On the backbone by node, else by revision of joining.
    private static MemberCursor? ReadCursor(string? text)
    {
        if (text is not { Length: > 1 } || !ulong.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return null;
        return text[0] == 'n' ? new(new((uint)value)) : new(NodeId.Nobody, value);
    }

    private static string? WriteCursor(MemberCursor? cursor) => cursor switch
    {
        null => null,
        { Node.IsNobody: true } by => string.Create(CultureInfo.InvariantCulture, $"r{by.JoinRevision}"),
        { } by => string.Create(CultureInfo.InvariantCulture, $"n{by.Node.Value}"),
    };
}
