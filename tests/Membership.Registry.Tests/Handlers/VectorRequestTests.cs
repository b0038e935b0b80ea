using System.Text.Json;
using Membership.Registry.Tests.Vectors;
using static Membership.Registry.Tests.Handlers.RegistryClient;

namespace Membership.Registry.Tests.Handlers;

/// <summary>Requests that another implementation signed, sent to a replica that has their nodes.</summary>
public sealed class VectorRequestTests
{
    [Fact]
    public async Task Signed_requests_and_legacy_signatures_of_another_implementation_are_taken()
    {
        var time = new FakeTime();
        time.Set(1_763_900_010);
        await using var host = await ReplicaHost.StartAsync(time);
        await RegisterAsync(host, new() { [1001] = Key(0), [70_000] = Key(1) });
        var client = host.Client(new() { Registration = RegistrationMode.Proof, LegacySignatures = true });
        var net = await client.CreateAsync(new(new(5), TestNode.NewKey()));
        Assert.Equal(1, net);

        // The invite of the second request is not there, which only a request whose signer is known is told.
        var envelopes = Entries("signed_requests").Select(entry => entry.GetProperty("envelope").GetRawText()).ToArray();
        Assert.Equal("member", Ok(await client.SendAsync(envelopes[0])).Text("role"));
        Refused(Code.InviteNotFound, await client.SendAsync(envelopes[1]));
        Assert.True(client.Last.HasShownCredential);
        Assert.Equal(70_001UL, Ok(await client.SendAsync(envelopes[2])).Number("node_id"));

        foreach (var (entry, expected) in Legacy()) Refused(expected, await client.SendAsync(entry));
    }

    private static IEnumerable<(string Request, Code Expected)> Legacy()
    {
        (string Challenge, string Request, Code Expected)[] rows =
        [
            ("join_network:1001:1", "\"type\":\"join_network\",\"node_id\":1001,\"network_id\":1", Code.AlreadyMember),
            ("leave_network:1001:1", "\"type\":\"leave_network\",\"node_id\":1001,\"network_id\":1", Code.Ok),
            ("invite:1001:1:70000", "\"type\":\"invite_to_network\",\"inviter_id\":1001,\"network_id\":1,\"target_node_id\":70000", Code.EnterpriseRequired),
            ("poll_invites:1001", "\"type\":\"poll_invites\",\"node_id\":1001", Code.Ok),
            ("respond_invite:70000:1", "\"type\":\"respond_invite\",\"node_id\":70000,\"network_id\":1,\"accept\":true", Code.InviteNotFound),
            ("list_networks:70000", "\"type\":\"list_networks\",\"requester_id\":70000", Code.Ok),
            ("list_nodes:70000:1", "\"type\":\"list_nodes\",\"requester_id\":70000,\"network_id\":1", Code.Ok),
            ("set_task_exec:70000", "\"type\":\"set_task_exec\",\"node_id\":70000,\"enabled\":true", Code.Ok),
            ("deregister:70000", "\"type\":\"deregister_node\",\"node_id\":70000", Code.Ok),
        ];
        var signatures = Entries("legacy_signatures").ToDictionary(entry => entry.Text("challenge"), entry => entry.Text("signature"));
        Assert.Equal(signatures.Count, rows.Length);
        foreach (var (challenge, request, expected) in rows) yield return ($"{{{request},\"signature\":\"{signatures[challenge]}\"}}", expected);
    }

    private static PublicKey Key(int entry) =>
        new(Convert.FromBase64String(Entries("signed_requests").ElementAt(entry).Text("public_key")));

    private static IEnumerable<JsonElement> Entries(string list) =>
        ((IEnumerable<object[]>)VectorFile.Entries(list)).Select(row => VectorFile.Parse((string)row[0]));

    // Ids are given out in order, so everybody before them is registered, too.
    private static async Task RegisterAsync(ReplicaHost host, Dictionary<uint, PublicKey> keys)
    {
        var next = 1u;
        foreach (var (id, key) in keys)
        {
            while (next < id)
            {
                var many = Enumerable.Range((int)next, (int)Math.Min(5_000, id - next)).ToArray();
                var outcomes = await Task.WhenAll(many.Select(i => host.Replica.ProposeAsync(new RegisterNode(Filler(i)), Actor.Admin())));
                Assert.All(outcomes, outcome => Assert.True(outcome.IsOk));
                next += (uint)many.Length;
            }

            Assert.Equal(new NodeId(id), (await host.Replica.ProposeAsync(new RegisterNode(key), Actor.Admin())).Results.Node);
            next++;
        }
    }

    private static PublicKey Filler(int number)
    {
        var bytes = new byte[PublicKey.Length];
        BitConverter.TryWriteBytes(bytes, number);
        return new(bytes);
    }
}
