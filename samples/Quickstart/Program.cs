using System.Net;
using Membership;
using Membership.Queries;
using Membership.Replication;

var options = new MembershipReplicaOptions { ClusterId = "alpha", ReplicaId = "a", DataFolder = args.FirstOrDefault("alpha-a"), Bootstrap = true };
options.Replicas.Add(new("a", new IPEndPoint(IPAddress.Loopback, 4711), new IPEndPoint(IPAddress.Loopback, 4712)));
await using var replica = new MembershipReplica(options);
await replica.StartAsync();

// Who asks was authenticated before: here the holder of an admin token, and a node that signed to join.
async Task<NodeId> RegisterAsync(string key) => (await replica.ProposeAsync(new RegisterNode(new(Convert.FromBase64String(key))), Actor.Admin())).Results.Node;
var (owner, guest) = (await RegisterAsync("jatIj3WJBo+9fQ33+rVj6kUTmH+xiq+FXpsGjQcxyh4="), await RegisterAsync("W8ILsx+V7DDARHlA472vO1cy8ryzSJRLzRY61rxqXfQ="));
var created = await replica.ProposeAsync(new CreateNetwork { Creator = owner, Name = "ops" }, Actor.Admin());
if (created.IsOk) await replica.ProposeAsync(new JoinNetwork(guest, created.Results.Network), Actor.ForNode(guest));

var seen = new Viewer(await replica.ReadAsync(), Actor.Admin());
foreach (var network in seen.ListNetworks().Items.Where(network => !network.Id.IsBackbone))
    foreach (var member in seen.ListNodes(network.Id).Answer!.Items)
        Console.WriteLine($"{network.Name}: {member.Address}, {member.Role.ToText()}");
