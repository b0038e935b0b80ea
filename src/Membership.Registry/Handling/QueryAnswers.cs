using Membership.Protocol.Answers;
using Membership.Protocol.Requests;
using Membership.Queries;

namespace Membership.Registry.Handling;

/// <summary>Writes what a viewer sees.</summary>
internal static class QueryAnswers
{
    // More items than these fit no frame, at 64, 32 and 7 bytes an item and less; a list is not made longer to find that out.
    private const int NodesMax = 65_536;
    private const int InvitesMax = 131_072;
    private const int TagsMax = 600_000;

    public static void Write(AnswerWriter w, Request request, Viewer viewer)
    {
        var revision = viewer.Revision;
        switch (request.Command)
        {
            case ListNetworks q:
                w.WriteNetworks(request, revision, viewer.ListNetworks(q.Limit, q.After));
                break;
            case GetNetwork q:
                Write(w, viewer.GetNetwork(q.Id), answer => w.WriteNetwork(request, revision, answer));
                break;
            case GetNetworkPolicy q:
                Write(w, viewer.GetNetworkPolicy(q.Id), answer => w.WritePolicy(request, revision, q.Id, answer));
                break;
            case GetExprPolicy q:
                Write(w, viewer.GetExprPolicy(q.Id), answer => w.WriteExprPolicy(request, revision, q.Id, answer));
                break;
            case GetRbacPreassignments q:
                Write(w, viewer.GetRbacPreassignments(q.Id, q.Limit, q.After), answer => w.WritePreAssignments(request, revision, q.Id, answer));
                break;
            case GetAudit q:
                WriteAudit(w, request, revision, viewer.GetAudit(q.Filter, q.Limit, q.After));
                break;
            default:
                WriteOfNodes(w, request, viewer);
                break;
        }
    }

    private static void WriteOfNodes(AnswerWriter w, Request request, Viewer viewer)
    {
        var revision = viewer.Revision;
        switch (request.Command)
        {
            case ListNodes q:
                WritePage(w, q.Limit, viewer.ListNodes(q.Id, q.Limit ?? NodesMax, q.After), page => w.WriteMembers(request, revision, q.Id, page));
                break;
            case GetMemberRole q:
                Write(w, viewer.GetMemberRole(q.Id, q.Target), answer => w.WriteRole(request, revision, answer));
                break;
            case GetMemberTags { Target: { } target } q:
                Write(w, viewer.GetMemberTags(q.Id, target), answer => w.WriteTags(request, revision, q.Id, answer));
                break;
            case GetMemberTags q:
                WritePage(w, q.Limit, viewer.GetAllMemberTags(q.Id, q.Limit ?? TagsMax, q.After), page => w.WriteAllTags(request, revision, q.Id, page));
                break;
            case GetNode q:
                Write(w, viewer.GetNode(q.Node), answer => w.WriteNode(request, revision, answer));
                break;
            case PollInvites q:
                Write(w, viewer.PollInvites(q.Node, q.Limit, q.After), page => w.WriteInbox(request, revision, page));
                break;
            case ListInvites q:
                WritePage(w, q.Limit, viewer.ListInvites(q.Id, q.Limit ?? InvitesMax, q.After), page => w.WriteInvites(request, revision, q.Id, page));
                break;
            default:
                throw new InvalidOperationException($"No answer is known for {request.Command.GetType().Name}.");
        }
    }

    private static void WritePage<TItem, TCursor>(
        AnswerWriter w, int? limit, QueryResult<Page<TItem, TCursor>> result, Action<Page<TItem, TCursor>> write)
        where TCursor : struct
    {
        if (limit is null && result.Answer?.Next is not null) w.WriteError(new(Code.AnswerTooLarge));
        else Write(w, result, write);
    }

    private static void WriteAudit(AnswerWriter w, Request request, ulong revision, QueryResult<AuditAnswer> result)
    {
        if (result.IsOk) w.WriteAudit(request, revision, result.Answer!);
        else w.WriteError(new(result.Code) { OldestRevision = result.Answer?.OldestRevision });
    }

    private static void Write<T>(AnswerWriter w, QueryResult<T> result, Action<T> write)
        where T : class
    {
        if (result.IsOk) write(result.Answer!);
        else w.WriteError(new(result.Code));
    }
}
