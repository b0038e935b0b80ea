using Membership.Protocol.Requests;

namespace Membership.Registry.Wire;

/// <summary>Which requests of one connection may be handled at the same time: queries that do not wait for events, and
/// nothing else.</summary>
/// <remarks>
/// So a client sees what it would see sending one request at a time. Mutations do not overlap: proposals that are on their way at the
/// same time have no order, as each one finds its way by itself when leadership moves.
/// </remarks>
internal static class RequestOrder
{
    // Words of stock clients are mutations where they are taken; where not, they are refused alone as well.
    private static readonly RequestParser Parser = new(takesStockWords: true);

    /// <summary>How the request in this frame is to be handled.</summary>
    public static Turn Of(ReadOnlyMemory<byte> content)
    {
        if (!Parser.TryParse(content, out var request, out _)) return Turn.Alone;
        return request.Command switch
        {
            Protocol.Requests.Watch => Turn.Waiting,
            Query and not OperatorCommand => Turn.Beside,
            _ => Turn.Alone,
        };
    }
}
