using System.Text;
using Membership.Protocol.Requests;

namespace Membership.Registry.Tests;

/// <summary>Reads requests from texts, as a frame would bring them.</summary>
internal static class Wire
{
    private static readonly RequestParser Parser = new();
    private static readonly RequestParser StockParser = new(takesStockWords: true);

    public static Request Read(string json, bool stock = false)
    {
        Assert.True(TryRead(json, stock, out var request, out var fault), $"{json}: {fault}");
        return request;
    }

    public static RequestFault Refuse(string json, bool stock = false)
    {
        Assert.False(TryRead(json, stock, out _, out var fault), json);
        return fault;
    }

    public static T Mutation<T>(string json, bool stock = false)
        where T : Mutation =>
        Assert.IsAssignableFrom<T>(Assert.IsType<MutationCommand>(Read(json, stock).Command).Mutation);

    public static T Complete<T>(string json, IProposalInputs inputs)
        where T : Mutation =>
        Assert.IsAssignableFrom<T>(Assert.IsType<MutationCommand>(Read(json).Command).Complete(inputs));

    public static T Query<T>(string json)
        where T : Query =>
        Assert.IsAssignableFrom<T>(Read(json).Command);

    private static bool TryRead(string json, bool stock, out Request request, out RequestFault fault)
    {
        var parsed = (stock ? StockParser : Parser).TryParse(Encoding.UTF8.GetBytes(json), out var read, out fault);
        request = read!;
        return parsed;
    }
}
