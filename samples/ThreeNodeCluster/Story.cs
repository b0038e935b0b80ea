using System.Security.Cryptography;
using System.Text;
using Membership;

namespace ThreeNodeCluster;

/// <summary>
/// The life of a small registry: nodes, an enterprise network, invites, roles, a kick, a policy, and one refused attempt of each
/// important kind. Every step is a request through the cluster, and its outcome is checked.
/// </summary>
internal sealed class Story(ClusterClient client, Narrator narrator)
{
    private readonly SortedDictionary<string, NodeId> _nodes = new(StringComparer.Ordinal);
    private readonly List<(Proposal Proposal, Outcome Outcome)> _answered = [];
    private NetworkId _ops;

    /// <summary>Requests with their answers, to be sent again later: the answers must not change.</summary>
    public IReadOnlyList<(Proposal Proposal, Outcome Outcome)> Answered => _answered;

    public async Task RegisterAsync()
    {
        foreach (var name in new[] { "alice", "bob", "carol", "dave", "erin", "frank" })
        {
            var key = KeyOf(name);
            var outcome = await DecideAsync(Actor.ForKey(key), new RegisterNode(key));
            _nodes[name] = outcome.Results.Node;
            Tell($"{name} registers its key", outcome, Code.Ok);
        }
    }

    public async Task FoundNetworkAsync()
    {
        var outcome = await DecideAsync(
            Actor.Admin(),
            new CreateNetwork { Creator = _nodes["alice"], Name = "ops", JoinRule = JoinRule.Invite, Enterprise = true });
        _ops = outcome.Results.Network;
        Tell("an admin makes the enterprise network ops, owned by alice", outcome, Code.Ok);
        await TryAsync("the same name again", Actor.Admin(), new CreateNetwork { Creator = _nodes["bob"], Name = "ops" }, Code.NameTaken);
        await TryAsync("bob makes a network without an admin token", "bob", new CreateNetwork { Creator = _nodes["bob"], Name = "mine" }, Code.AdminRequired);
    }

    public async Task InviteAsync()
    {
        foreach (var name in new[] { "bob", "carol", "dave", "erin" })
            await TryAsync($"alice invites {name}", "alice", new InviteToNetwork(_ops, _nodes["alice"], _nodes[name]), Code.Ok);
        await TryAsync("frank joins without an invite", "frank", new JoinNetwork(_nodes["frank"], _ops), Code.InviteOnly);
        await TryAsync("frank invites bob, being no member", "frank", new InviteToNetwork(_ops, _nodes["frank"], _nodes["bob"]), Code.ActorNotAMember);
        await TryAsync("alice accepts in bob's name", "alice", new RespondInvite(_nodes["bob"], _ops, Accept: true), Code.NotAuthorized);
        await TryAsync("bob accepts", "bob", new RespondInvite(_nodes["bob"], _ops, Accept: true), Code.Ok);
        await TryAsync("carol accepts", "carol", new RespondInvite(_nodes["carol"], _ops, Accept: true), Code.Ok);
        await TryAsync("dave refuses", "dave", new RespondInvite(_nodes["dave"], _ops, Accept: false), Code.Ok);
        await TryAsync("dave accepts after all", "dave", new RespondInvite(_nodes["dave"], _ops, Accept: true), Code.InviteNotFound);
    }

    public async Task RolesAsync()
    {
        await TryAsync("carol, a plain member, promotes herself", "carol", new PromoteMember(_ops, _nodes["carol"]), Code.RoleRequired);
        await TryAsync("alice promotes bob", "alice", new PromoteMember(_ops, _nodes["bob"]), Code.Ok);
        await TryAsync("bob tags carol", "bob", new SetMemberTags(_ops, _nodes["carol"], ["edge", "eu-west"]), Code.Ok);
        await TryAsync("alice transfers ops to bob", "alice", new TransferOwnership(_ops, _nodes["bob"]), Code.Ok);
        await TryAsync("bob, the owner, leaves", "bob", new LeaveNetwork(_nodes["bob"], _ops), Code.CannotLeave);
        await TryAsync("alice, an admin now, kicks the owner", "alice", new KickMember(_ops, _nodes["bob"]), Code.CannotKickOwner);
    }

    public async Task PolicyAsync()
    {
        await TryAsync("bob limits ops to 3 members", "bob", new SetNetworkPolicy { Network = _ops, MaxMembers = 3, AllowedPorts = [22, 443] }, Code.Ok);
        await TryAsync("erin accepts, and ops is full", "erin", new RespondInvite(_nodes["erin"], _ops, Accept: true), Code.NetworkFull);
        await TryAsync("alice kicks carol", "alice", new KickMember(_ops, _nodes["carol"]), Code.Ok);
        await TryAsync("erin accepts", "erin", new RespondInvite(_nodes["erin"], _ops, Accept: true), Code.Ok);
    }

    public async Task RotateKeyAsync()
    {
        await TryAsync("frank rotates his key", "frank", new RotateNodeKey(_nodes["frank"], KeyOf("frank's new key")), Code.Ok);
        await TryAsync("somebody asks with frank's old key", "frank", new SetTaskExec(_nodes["frank"], true), Code.StaleCredential);
        await TryAsync("the backbone is renamed", Actor.Admin(), new RenameNetwork(NetworkId.Backbone, "mine"), Code.Backbone);
    }

    /// <summary>Sends everything that was answered once more under the same request ids.</summary>
    public async Task<int> RepeatAllAsync()
    {
        var same = 0;
        foreach (var (proposal, outcome) in _answered)
        {
            var again = await client.SendAsync(proposal);
            if (again.Code == outcome.Code && again.Revision == outcome.Revision && again.Results == outcome.Results) same++;
        }

        return same;
    }

    /// <summary>Many nodes join a network of their own: enough log for snapshots.</summary>
    public async Task<int> CrowdAsync(int count)
    {
        const int Batch = 200;
        var crowd = await DecideAsync(Actor.Admin(), new CreateNetwork { Creator = _nodes["alice"], Name = "crowd" });
        // A session of its own, settled as it goes: nobody will ask for these outcomes again.
        var ids = new RequestIds();
        var joined = 0;
        foreach (var numbers in Enumerable.Range(0, count).Chunk(Batch))
        {
            var registered = await SendAsync(ids, numbers.Select(i => new RegisterNode(KeyOf($"crowd {i}"))));
            var outcomes = await SendAsync(ids, registered.Select(r => new JoinNetwork(r.Results.Node, crowd.Results.Network)));
            joined += outcomes.Count(outcome => outcome.IsOk);
        }

        return joined;
    }

    private Task<IReadOnlyList<Outcome>> SendAsync(RequestIds ids, IEnumerable<Mutation> mutations)
    {
        var settled = ids.Last;
        return client.SendAsync([.. mutations.Select(m => ids.Make(Actor.Admin(), m) with { Settled = settled })]);
    }

    private Task TryAsync(string what, string who, Mutation mutation, Code expected) =>
        TryAsync(what, Actor.ForNode(_nodes[who]), mutation, expected);

    private async Task TryAsync(string what, Actor actor, Mutation mutation, Code expected) =>
        Tell(what, await DecideAsync(actor, mutation), expected);

    private async Task<Outcome> DecideAsync(Actor actor, Mutation mutation)
    {
        var proposal = client.Make(actor, mutation);
        var outcome = await client.SendAsync(proposal);
        // What is refused before the session is not kept, so it has no stored answer to compare with.
        if (outcome.Code is not (Code.StaleCredential or Code.Backbone)) _answered.Add((proposal, outcome));
        return outcome;
    }

    private void Tell(string what, Outcome outcome, Code expected) =>
        narrator.Check(what, outcome.Code == expected, outcome.IsOk ? $"revision {outcome.Revision}" : $"refused, {outcome.Code.ToName()}");

    // The story's keys are made up: that a key is a point of the curve is checked where signatures are.
    private static PublicKey KeyOf(string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
