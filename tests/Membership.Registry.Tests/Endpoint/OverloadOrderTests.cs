using Membership.Registry.Tests.Handlers;
using static Membership.Registry.Tests.Handlers.RegistryClient;

namespace Membership.Registry.Tests.Endpoint;

/// <summary>Where there is no room for a change, there is none for what the same connection sent behind it, either.</summary>
public sealed class OverloadOrderTests
{
    // More than are in flight on a connection at a time: what is still in its socket was sent behind, too.
    private const int SentAhead = 200;

    [Fact]
    public async Task What_was_sent_ahead_behind_a_refused_change_is_refused_and_what_comes_later_is_not()
    {
        await using var host = await ReplicaHost.StartAsync(configure: options => options.QueueLengthMax = 1);
        var client = host.Client();
        await using var server = new RegistryServer(client.Handlers, new() { EndPoint = TestServer.Loopback });
        await server.StartAsync();
        using var socket = await RawClient.ConnectAsync(server.EndPoint);
        for (var round = 0; round < 5; round++)
        {
            await socket.SendTogetherAsync([.. Enumerable.Range(0, SentAhead).Select(_ => Registration())]);
            var codes = new List<Code>();
            for (var i = 0; i < SentAhead; i++) codes.Add((await socket.AnswerAsync()).Code ?? Code.OutcomeUnknown);
            var taken = codes.TakeWhile(code => code == Code.Ok).Count();
            Assert.InRange(taken, 1, SentAhead - 1);
            Assert.All(codes[taken..], code => Assert.Equal(Code.Overloaded, code));
            Assert.Equal("register_node_ok", (await socket.AskAsync(Registration())).Type);
        }
    }

    private static string Registration() =>
        Fields("register_node", ("public_key", TestNode.NewKey().PublicKey.ToString()), ("admin_token", AdminToken)).ToJsonString();
}
