using System.Net;
using Membership.Protocol.Answers;
using static Membership.Registry.Tests.Handlers.RegistryClient;

namespace Membership.Registry.Tests.Handlers;

[Collection(SharedReplicaCollection.Name)]
public sealed class RegistrationTests(SharedReplica shared)
{
    private static readonly RequestSource Elsewhere = new(IPAddress.Parse("192.0.2.9"), IsEncrypted: true);

    private readonly ReplicaHost _host = shared.Host;
    private readonly RegistryClient _admins = shared.Host.Client();
    private readonly RegistryClient _proofs = shared.Host.Client(new() { Registration = RegistrationMode.Proof });

    [Fact]
    public async Task Admins_alone_register_by_default_and_nothing_is_proposed_otherwise()
    {
        var before = _host.Replica.State.Revision;
        Refused(Code.AdminRequired, await RegisterAsync(_admins));
        Refused(Code.AdminRequired, await _admins.SendAsync(Fields("register_node", ("public_key", "x"))));
        Assert.Equal(before, _host.Replica.State.Revision);
        Refused(Code.KeyInvalid, await _admins.AdminAsync("register_node", ("public_key", "x")));
        Refused(Code.KeyInvalid, await _admins.AdminAsync("register_node", ("public_key", Convert.ToBase64String(new byte[32]))));
    }

    [Fact]
    public async Task A_proof_registers_ten_times_a_minute_from_one_address()
    {
        for (var i = 0; i < RegistryOptions.RegistrationsPerMinuteMax; i++)
        {
            Ok(await RegisterAsync(_proofs, Elsewhere));
            Assert.False(_proofs.Last.HasShownCredential);
        }

        Refused(Code.RateLimited, await RegisterAsync(_proofs, Elsewhere));
        Ok(await RegisterAsync(_proofs, Remote with { IsEncrypted = true }));
        Ok(await _proofs.AdminAsync("register_node", ("public_key", TestNode.NewKey().PublicKey.ToString())));
        _host.Time.Advance(TimeSpan.FromSeconds(59));
        Refused(Code.RateLimited, await RegisterAsync(_proofs, Elsewhere));
        _host.Time.Advance(TimeSpan.FromSeconds(2));
        Ok(await RegisterAsync(_proofs, Elsewhere));
    }

    [Fact]
    public async Task The_proof_is_by_the_key_itself()
    {
        Refused(Code.SignatureRequired, await _proofs.SendAsync(Fields("register_node", ("public_key", TestNode.NewKey().PublicKey.ToString()))));
        using var other = TestNode.NewKey();
        var node = new TestNode(NodeId.Nobody, TestNode.NewKey());
        var payload = _proofs.Payload(node, "register_node", ("public_key", node.PublicKey));
        Refused(Code.SignatureInvalid, await _proofs.SendAsync(Sign(node with { Key = other }, payload)));
    }

    [Fact]
    public async Task An_external_id_is_for_admins_to_give()
    {
        Refused(Code.AdminRequired, await RegisterAsync(_proofs, null, ("external_id", "alice")));
        var answer = Ok(await _admins.AdminAsync("register_node", ("public_key", TestNode.NewKey().PublicKey.ToString()), ("external_id", "alice")));
        var seen = Ok(await _admins.AdminAsync("get_node", ("node_id", answer.Number("node_id"))));
        Assert.Equal("alice", seen.Text("external_id"));
    }

    private static Task<Answer> RegisterAsync(RegistryClient client, RequestSource? source = null, params (string Name, object? Value)[] more)
    {
        var node = new TestNode(NodeId.Nobody, TestNode.NewKey());
        return client.SendAsync(Sign(node, client.Payload(node, "register_node", [("public_key", node.PublicKey), .. more])), source);
    }
}
