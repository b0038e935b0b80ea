using System.Text;
using Membership.Protocol.Requests;
using Membership.Protocol.Signing;
using Membership.Registry.Authentication;
using Membership.Registry.Handling;
using Membership.State;
using static Membership.Registry.Tests.Handlers.RegistryClient;

namespace Membership.Registry.Tests.Handlers;

/// <summary>What a replica that is behind makes of credentials: it refuses none before it has looked at a state that is not.</summary>
[Collection(SharedReplicaCollection.Name)]
public sealed class LaggingReplicaTests(SharedReplica shared)
{
    private readonly ReplicaHost _host = shared.Host;
    private readonly RegistryClient _client = shared.Host.Client();

    [Fact]
    public async Task A_node_that_is_not_known_yet_may_be_one()
    {
        var behind = _host.Replica.State;
        var node = await _client.RegisterAsync();
        var request = Read(Sign(node, _client.Payload(node, "poll_invites", ("node_id", node.Id))));
        Judge(request, behind, Code.UnknownSigner, Actor.ForNode(node.Id));
        var legacy = Fields("poll_invites", ("node_id", node.Id), ("signature", node.Key.SignText(SignedText.PollInvites(node.Id))));
        Judge(Read(legacy.ToJsonString()), behind, Code.UnknownSigner, Actor.ForNode(node.Id));

        // With an admin token beside it, too: it is not taken for an admin's meanwhile.
        legacy["admin_token"] = AdminToken;
        Judge(Read(legacy.ToJsonString()), behind, Code.UnknownSigner, Actor.ForNode(node.Id));
    }

    [Fact]
    public async Task A_key_that_is_not_known_yet_may_be_the_nodes()
    {
        var node = await _client.RegisterAsync();
        var behind = _host.Replica.State;
        using var next = TestNode.NewKey();
        var proof = next.SignText(SignedText.RotateNodeKey(ReplicaHost.ClusterId, node.Id, next.PublicKey.ToString()));
        Ok(await _client.SignedAsync(node, "rotate_node_key", ("node_id", node.Id), ("public_key", next.PublicKey.ToString()), ("new_key_proof", proof)));
        var request = Read(Sign(node with { Key = next }, _client.Payload(node, "poll_invites", ("node_id", node.Id))));
        Judge(request, behind, Code.SignatureInvalid, Actor.ForNode(node.Id, 2));
    }

    [Fact]
    public async Task A_networks_token_that_is_not_known_yet_may_be_its()
    {
        var owner = await _client.RegisterAsync();
        var net = await _client.CreateAsync(owner, ("join_rule", "token"), ("token", "first"));
        var behind = _host.Replica.State;
        var set = Ok(await _client.SignedAsync(owner, "set_network_admin_token", ("network_id", net), ("network_admin_token", "net")));
        var request = Read(Fields("delete_network", ("network_id", net), ("admin_token", "net")).ToJsonString());
        Judge(request, behind, Code.AdminTokenInvalid, Actor.NetworkAdmin(new((ushort)net), set.Revision));
        Ok(await _client.SignedAsync(owner, "set_join_rule", ("network_id", net), ("join_rule", "token"), ("token", "second")));
        Assert.True(RefusesJoinToken(behind, net, "second"));
        Assert.False(RefusesJoinToken(behind, net, "first"));
        Assert.False(RefusesJoinToken(_host.Replica.State, net, "second"));
        Assert.True(RefusesJoinToken(_host.Replica.State, 65_000, "second"));
    }

    [Fact]
    public async Task A_credential_that_is_replaced_while_a_request_is_under_way_is_looked_at_once_more()
    {
        var owner = await _client.RegisterAsync();
        var net = await _client.CreateAsync(owner, ("network_admin_token", "net"), ("enterprise", true));
        var (requests, stale, tokens) = (0, 0, 0);
        var first = _host.Replica.State.Revision;
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        int Retried() => (int)(_host.Replica.State.Revision - first) - tokens - requests - stale;

        // The same token again is a new version: requests that are under way carry the one before.
        while (Retried() == 0)
        {
            end.Token.ThrowIfCancellationRequested();
            var replacing = _client.SignedAsync(owner, "set_network_admin_token", ("network_id", net), ("network_admin_token", "net"));
            var writes = Enumerable.Range(0, 16).Select(_ => _host.Client().SendAsync(
                Fields("set_network_policy", ("network_id", net), ("description", "d"), ("admin_token", "net"))));
            foreach (var answer in await Task.WhenAll([.. writes, replacing]))
            {
                Assert.True(answer.Code is Code.Ok or Code.StaleCredential, answer.ToString());
                if (answer.Code == Code.StaleCredential) stale++;
            }

            (requests, tokens) = (requests + 16, tokens + 1);
        }
    }

    private void Judge(Request request, MembershipState behind, Code refusal, Actor actor)
    {
        var options = new RegistryOptions { LegacySignatures = true, AdminTokens = { AdminToken } };
        var authenticator = new Authenticator(_host.Replica, options, new(options, _host.Secret));
        var unsure = authenticator.Identify(request, behind, isConfirmed: false);
        Assert.Equal((refusal, true, false), (unsure.Code, unsure.DependsOnState, unsure.IsProven));
        Assert.Equal(Identity.Proven(actor), authenticator.Identify(request, _host.Replica.State, isConfirmed: true));
    }

    private bool RefusesJoinToken(MembershipState state, int net, string token)
    {
        var inputs = new StateInputs(() => state, _host.Secret);
        inputs.MakeProof(new((ushort)net), token);
        return inputs.HasRefusedToken;
    }

    private static Request Read(string json)
    {
        Assert.True(new RequestParser().TryParse(Encoding.UTF8.GetBytes(json), out var request, out _));
        return request;
    }
}
