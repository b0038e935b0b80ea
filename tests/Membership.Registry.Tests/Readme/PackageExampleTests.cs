using System.Buffers;
using System.Net;
using System.Text;
using Membership.Client;
using Membership.Mutations;
using Membership.Protocol.Requests;
using Membership.Queries;
using Membership.Registry.Tests.Endpoint;
using Membership.Registry.Tests.Handlers;
using Membership.State;
using Membership.Tests;

namespace Membership.Registry.Tests.Readme;

/// <summary>The examples in the packages' READMEs are code that runs.</summary>
[Collection(SharedReplicaCollection.Name)]
public sealed class PackageExampleTests(SharedReplica shared)
{
    [Theory]
    [InlineData("Membership")]
    [InlineData("Membership.Protocol")]
    [InlineData("Membership.Client")]
    public void A_readme_shows_the_code_that_runs(string package)
    {
        var source = File.ReadAllText(Path.Combine(SourceTree.Root, "tests", "Membership.Registry.Tests", "Readme", "PackageExampleTests.cs"));
        var begin = source.IndexOf($"        // <{package}>\n", StringComparison.Ordinal);
        var end = source.IndexOf($"        // </{package}>\n", StringComparison.Ordinal);
        var lines = source[begin..end].Split('\n')[1..^1].Select(line => line.StartsWith("        ", StringComparison.Ordinal) ? line[8..] : line);
        var readme = File.ReadAllText(Path.Combine(SourceTree.Root, "src", package, "README.md"));
        Assert.Contains($"```csharp\n{string.Join('\n', lines)}\n```", readme, StringComparison.Ordinal);
    }

    [Fact]
    public void The_core_applies_an_entry()
    {
        var key = new PublicKey(Convert.FromHexString("ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c"));
        // <Membership>
        var store = new MembershipStore(MembershipState.Founded("alpha"));
        var proposal = new Proposal(new RequestId(1, 1), default, Actor.Admin(), new RegisterNode(key));
        var entry = new ArrayBufferWriter<byte>();
        EntryFormat.Write(entry, timeMs: 1_000, [proposal.Encode()]);
        var applied = store.Apply(index: 1, term: 1, new ReadOnlySequence<byte>(entry.WrittenMemory));
        Console.WriteLine($"{applied.Outcomes[0].Code}: {store.Current.NodeCount} node, digest {store.Current.Digest}");
        // </Membership>
        Assert.True(applied.Outcomes[0].IsOk);
        Assert.Equal(1, store.Current.NodeCount);
    }

    [Fact]
    public void A_request_is_parsed()
    {
        var content = Encoding.UTF8.GetBytes("""{"type":"get_network","network_id":7}""");
        // <Membership.Protocol>
        var parser = new RequestParser();
        if (parser.TryParse(content, out var request, out var fault)) Console.WriteLine($"{request.Type} of network {request.Command.Network}");
        else Console.WriteLine($"{fault.Code.ToName()}: {fault.Code.ToText()}");
        // </Membership.Protocol>
        Assert.Equal(new NetworkId(7), request!.Command.Network);
    }

    [Fact]
    public async Task A_client_makes_a_network()
    {
        var node = (await shared.Host.Client().RegisterAsync()).Id;
        await using var server = new RegistryServer(shared.Host.Client().Handlers, new() { EndPoint = TestServer.Loopback });
        await server.StartAsync();
        var replica = new ReplicaEndPoint($"{IPAddress.Loopback}", server.EndPoint.Port);
        var (cluster, token) = (ReplicaHost.ClusterId, RegistryClient.AdminToken);
        // <Membership.Client>
        var options = new MembershipClientOptions { Cluster = cluster, Replicas = [replica] };
        await using var client = new MembershipClient(options, ClientIdentity.AdminToken(token));
        var outcome = await client.CreateNetworkAsync(new NewNetwork { Creator = node, Name = "readme" });
        Console.WriteLine(outcome switch
        {
            Done<CreatedNetwork> done => $"network {done.Answer.Network} at revision {done.Revision}",
            Rejected<CreatedNetwork> rejected => $"nothing happened: {rejected.CodeName}",
            _ => $"it may have happened: repeat request {outcome.RequestId}",
        });
        // </Membership.Client>
        Assert.IsType<Done<CreatedNetwork>>(outcome);
    }
}
