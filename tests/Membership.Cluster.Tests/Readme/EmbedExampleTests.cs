using System.Net;
using System.Net.Sockets;
using Membership.Queries;
using Membership.Replication;
using Xunit;

namespace Membership.Cluster.Tests.Readme;

/// <summary>The README's example is code that runs.</summary>
public sealed class EmbedExampleTests
{
    [Fact]
    public async Task The_example_of_the_readme_runs()
    {
        var folder = Directory.CreateTempSubdirectory("membership-readme-").FullName;
        try
        {
            var names = await RunAsync(folder, FreePort(), FreePort());
            Assert.Equal(["backbone", "ops"], names);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_readme_shows_the_code_that_runs()
    {
        var root = Root();
        var source = File.ReadAllText(Path.Combine(root, "tests", "Membership.Cluster.Tests", "Readme", "EmbedExampleTests.cs"));
        var begin = source.IndexOf("// <example>\n", StringComparison.Ordinal) + "// <example>\n".Length;
        var end = source.IndexOf("        // </example>", begin, StringComparison.Ordinal);
        var example = source[begin..end].Split('\n').Select(line => line.StartsWith("        ", StringComparison.Ordinal) ? line[8..] : line);
        var readme = File.ReadAllText(Path.Combine(root, "README.md"));
        Assert.Contains("```csharp\n" + string.Join('\n', example).TrimEnd() + "\n```", readme, StringComparison.Ordinal);
    }

    private static async Task<IEnumerable<string>> RunAsync(string folder, int raftPort, int peerPort)
    {
        // <example>
        var options = new MembershipReplicaOptions { ClusterId = "alpha", ReplicaId = "a", DataFolder = folder, Bootstrap = true };
        options.Replicas.Add(new("a", new IPEndPoint(IPAddress.Loopback, raftPort), new IPEndPoint(IPAddress.Loopback, peerPort)));
        await using var replica = new MembershipReplica(options);
        await replica.StartAsync();

        // Who asks was authenticated before: here a key that signed its registration, then the holder of an admin token.
        var key = new PublicKey(Convert.FromHexString("ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c"));
        var registered = await replica.ProposeAsync(new RegisterNode(key), Actor.ForKey(key));
        var network = new CreateNetwork { Creator = registered.Results.Node, Name = "ops", Enterprise = true };
        var created = await replica.ProposeAsync(network, Actor.Admin());
        if (!created.IsOk) throw new InvalidOperationException(created.Code.ToText());

        // The outcome is on disk on a majority. A read through a barrier sees it on any replica.
        var state = await replica.ReadAsync();
        var seen = new Viewer(state, requester: Actor.ForNode(registered.Results.Node)).ListNetworks();
        foreach (var item in seen.Items) Console.WriteLine($"{item.Id} {item.Name} {item.JoinRule.ToText()}");
        // </example>
        return seen.Items.Select(item => item.Name);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Membership.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
