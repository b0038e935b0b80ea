using System.Security.Cryptography;
using System.Text.Json;
using Membership;
using Membership.Client;
using Membership.Protocol.Signing;

namespace ThreeNodeCluster;

/// <summary>
/// The life of a small registry: nodes, an enterprise network, invites, roles, a kick, a policy, and one refused attempt of each
/// important kind. Every step is a request over the wire, signed by a node's key or shown an admin token, and its outcome is checked.
/// </summary>
internal sealed class Story(MembershipClient admin, Narrator narrator, bool pilot) : IDisposable
{
    private readonly Dictionary<string, (NodeId Id, NodeKey Key)> _nodes = new(StringComparer.Ordinal);
    private readonly List<NodeKey> _keys = [];
    private readonly List<Func<Task<bool>>> _repetitions = [];
    private NetworkId _ops;

    /// <summary>How many requests <see cref="RepeatAllAsync"/> sends again.</summary>
    public int AnsweredCount => _repetitions.Count;

    /// <summary>How often a request had to be sent again, on its own.</summary>
    public long RetryCount => admin.RetryCount;

    public void Dispose() => _keys.ForEach(key => key.Dispose());

    public async Task RegisterAsync()
    {
        foreach (var name in new[] { "alice", "bob", "carol", "dave", "erin", "frank" })
        {
            var key = NewKey();
            var registered = await TryAsync($"an admin registers {name}'s key", admin, c => c.RegisterNodeAsync(key.PublicKey), Code.Ok);
            _nodes[name] = (registered.Require().Node, key);
        }

        var own = NewKey();
        await TryAsync(
            "grace registers her key herself",
            admin.As(ClientIdentity.NewKey(own)),
            c => c.RegisterNodeAsync(own.PublicKey),
            pilot ? Code.Ok : Code.AdminRequired);
    }

    public async Task FoundNetworkAsync()
    {
        var ops = new NewNetwork { Creator = Id("alice"), Name = "ops", JoinRule = JoinRule.Invite, Enterprise = true };
        var created = await TryAsync(
            "an admin makes the enterprise network ops, owned by alice", admin, c => c.CreateNetworkAsync(ops), Code.Ok);
        _ops = created.Require().Network;
        await TryAsync("the same name again", admin, c => c.CreateNetworkAsync(new() { Creator = Id("bob"), Name = "ops" }), Code.NameTaken);
        await TryAsync(
            "bob makes a network without an admin token",
            As("bob"),
            c => c.CreateNetworkAsync(new() { Creator = Id("bob"), Name = "mine" }),
            Code.AdminRequired);
    }

    public async Task InviteAsync()
    {
        foreach (var name in new[] { "bob", "carol", "dave", "erin" })
            await TryAsync($"alice invites {name}", As("alice"), c => c.InviteToNetworkAsync(_ops, Id("alice"), Id(name)), Code.Ok);
        await TryAsync("frank joins without an invite", As("frank"), c => c.JoinNetworkAsync(Id("frank"), _ops), Code.InviteOnly);
        // To a stranger the network is not there, unless everybody may see every network.
        await TryAsync(
            "frank invites bob, being no member",
            As("frank"),
            c => c.InviteToNetworkAsync(_ops, Id("frank"), Id("bob")),
            pilot ? Code.NotAMember : Code.NetworkNotFound);
        await TryAsync("alice accepts in bob's name", As("alice"), c => c.RespondInviteAsync(Id("bob"), _ops, accept: true), Code.NotAuthorized);
        await TryAsync("bob accepts", As("bob"), c => c.RespondInviteAsync(Id("bob"), _ops, accept: true), Code.Ok);
        await TryAsync("carol accepts", As("carol"), c => c.RespondInviteAsync(Id("carol"), _ops, accept: true), Code.Ok);
        await TryAsync("dave refuses", As("dave"), c => c.RespondInviteAsync(Id("dave"), _ops, accept: false), Code.Ok);
        await TryAsync("dave accepts after all", As("dave"), c => c.RespondInviteAsync(Id("dave"), _ops, accept: true), Code.InviteNotFound);
    }

    public async Task RolesAsync()
    {
        await TryAsync("carol, a plain member, promotes herself", As("carol"), c => c.PromoteMemberAsync(_ops, Id("carol")), Code.RoleRequired);
        await TryAsync("alice promotes bob", As("alice"), c => c.PromoteMemberAsync(_ops, Id("bob")), Code.Ok);
        await TryAsync("bob tags carol", As("bob"), c => c.SetMemberTagsAsync(_ops, Id("carol"), ["edge", "eu-west"]), Code.Ok);
        await TryAsync("alice transfers ops to bob", As("alice"), c => c.TransferOwnershipAsync(_ops, Id("bob")), Code.Ok);
        await TryAsync("bob, the owner, leaves", As("bob"), c => c.LeaveNetworkAsync(Id("bob"), _ops), Code.CannotLeave);
        await TryAsync("alice, an admin now, kicks the owner", As("alice"), c => c.KickMemberAsync(_ops, Id("bob")), Code.CannotKickOwner);
    }

    public async Task PolicyAsync()
    {
        var policy = new PolicyChange { MaxMembers = 3, AllowedPorts = [22, 443] };
        await TryAsync("bob limits ops to 3 members", As("bob"), c => c.SetNetworkPolicyAsync(_ops, policy), Code.Ok);
        await TryAsync("erin accepts, and ops is full", As("erin"), c => c.RespondInviteAsync(Id("erin"), _ops, accept: true), Code.NetworkFull);
        await TryAsync("alice kicks carol", As("alice"), c => c.KickMemberAsync(_ops, Id("carol")), Code.Ok);
        await TryAsync("erin accepts", As("erin"), c => c.RespondInviteAsync(Id("erin"), _ops, accept: true), Code.Ok);
    }

    public async Task RotateKeyAsync()
    {
        var (old, key) = (As("frank"), NewKey());
        await TryAsync("frank rotates his key", old, c => c.RotateNodeKeyAsync(Id("frank"), key), Code.Ok);
        _nodes["frank"] = (Id("frank"), key);
        await TryAsync("somebody asks with frank's old key", old, c => c.SetTaskExecAsync(Id("frank"), true), Code.StaleCredential);
        await TryAsync("frank asks with his new key", As("frank"), c => c.SetTaskExecAsync(Id("frank"), true), Code.Ok);
        await TryAsync("the backbone is renamed", admin, c => c.RenameNetworkAsync(NetworkId.Backbone, "mine"), Code.Backbone);
    }

    /// <summary>Sends everything that was answered once more under the same request ids; answers how many heard the same again.</summary>
    public async Task<int> RepeatAllAsync()
    {
        var same = 0;
        foreach (var isSame in _repetitions)
        {
            if (await isSame()) same++;
        }

        return same;
    }

    /// <summary>Many nodes join a network of their own: enough log for snapshots.</summary>
    /// <param name="crowd">A client for it, so that the story's own outcomes are kept until it repeats them.</param>
    /// <param name="count">How many.</param>
    public async Task<int> CrowdAsync(MembershipClient crowd, int count)
    {
        var network = (await crowd.CreateNetworkAsync(new() { Creator = Id("alice"), Name = "crowd" })).Require().Network;
        var joined = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 128 }, async (_, stop) =>
        {
            Span<byte> seed = stackalloc byte[NodeKey.SeedBytes];
            using var key = NodeKey.Create(seed);
            var registered = await crowd.RegisterNodeAsync(key.PublicKey, cancel: stop);
            if (registered is not Done<NodeRegistration> { Answer.Node: var node }) return;
            if (await crowd.JoinNetworkAsync(node, network, cancel: stop) is Done<Admission>) Interlocked.Increment(ref joined);
        });
        return joined;
    }

    private NodeId Id(string name) => _nodes[name].Id;

    private MembershipClient As(string name) => admin.As(ClientIdentity.Node(_nodes[name].Id, _nodes[name].Key));

    private async Task<ClientOutcome<T>> TryAsync<T>(
        string what, MembershipClient client, Func<MembershipClient, Task<ClientOutcome<T>>> ask, Code expected)
    {
        var outcome = await ask(client);
        narrator.Check(what, outcome.Code == expected, outcome is Done<T> done ? $"revision {done.Revision}" : $"{outcome}");
        _repetitions.Add(async () => IsSame(outcome, await client.RepeatAsync(outcome)));
        return outcome;
    }

    private static bool IsSame<T>(ClientOutcome<T> first, ClientOutcome<T> again) => (first, again) switch
    {
        (Done<T> a, Done<T> b) => a.Revision == b.Revision && JsonSerializer.Serialize(a.Answer) == JsonSerializer.Serialize(b.Answer),
        _ => first.Code == again.Code,
    };

    private NodeKey NewKey()
    {
        var key = NodeKey.FromSeed(RandomNumberGenerator.GetBytes(NodeKey.SeedBytes));
        _keys.Add(key);
        return key;
    }
}
