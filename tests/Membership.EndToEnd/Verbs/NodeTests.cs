using Membership.Cli.Running;
using Membership.EndToEnd.Running;
using Xunit;

namespace Membership.EndToEnd.Verbs;

[Collection(RunningCluster.Name)]
public sealed class NodeTests(RunningCluster cluster)
{
    [Fact]
    [Verb("node keygen")]
    [Verb("node register")]
    public async Task Keygen_and_register()
    {
        var (first, second) = (cluster.NewPath(), cluster.NewPath());
        var key = (await Tool.RunAsync("node", "keygen", first)).Value("public_key");
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(first));
        var other = (await Tool.RunAsync("node", "keygen", second, "-o", "json")).Document().GetProperty("public_key").GetString()!;
        (await Tool.RunAsync("node", "keygen", first)).Failed(ExitCode.FileFailed, "file_failed");

        var proved = await Tool.RunAsync("node", "register", "--key", first, "--cluster", RunningCluster.ClusterId, "--endpoints", cluster.EndPoints);
        Assert.Equal((key, "no"), (proved.Value("public_key"), proved.Value("existing")));
        var document = (await cluster.RunAsync($"node register --public-key {other} --external-id ann -o json")).Document();
        Assert.Equal(other, document.GetProperty("public_key").GetString());
        var node = (await cluster.Client.GetNodeAsync(new(document.GetProperty("node_id").GetUInt32()))).Require();
        Assert.Equal((other, "ann"), ($"{node.PublicKey}", node.ExternalId));
        Assert.True((await cluster.RunAsync($"node register --public-key {key} -o json")).Document().GetProperty("existing").GetBoolean());
        (await cluster.RunAsync("node register --public-key AAAA")).Failed(ExitCode.WrongArgument, "wrong_argument");
    }

    [Fact]
    [Verb("node get")]
    public async Task Get()
    {
        var (network, owner) = await cluster.CreateAsync();
        var shown = await cluster.RunAsync($"node get {owner.Id}");
        Assert.Equal(($"{network}", "1"), (shown.Value("networks"), shown.Value("key_version")));
        var document = (await Tool.RunAsync("node", "get", $"{owner.Id}", "--endpoints", cluster.EndPoints, "-o", "json")).Document();
        Assert.Equal(owner.Id.Value, document.GetProperty("node_id").GetUInt32());
        (await cluster.RunAsync("node get 4000000000")).Failed(ExitCode.Refused, "node_not_found");
    }

    [Fact]
    [Verb("node list")]
    public async Task List()
    {
        var node = await cluster.RegisterAsync();
        Assert.Contains((await cluster.RunAsync("node list")).Succeeded().Rows(), row => row[0] == $"{node.Id}");
        var nodes = (await cluster.RunAsync("node list -o json")).Document().GetProperty("nodes").EnumerateArray();
        Assert.Contains(nodes, item => item.GetProperty("node_id").GetUInt32() == node.Id.Value);
        (await cluster.RunAsync(node, "node list")).Failed(ExitCode.Refused, "admin_required");
    }

    [Fact]
    [Verb("node rotate-key")]
    public async Task Rotate_key()
    {
        var node = await cluster.RegisterAsync();
        var (second, third) = (cluster.NewPath(), cluster.NewPath());
        foreach (var file in new[] { second, third }) (await Tool.RunAsync("node", "keygen", file)).Succeeded();
        Assert.Equal("2", (await cluster.RunAsync(node, $"node rotate-key {node.Id} --new-key {second}")).Value("key_version"));
        (await cluster.RunAsync(node, $"node task-exec {node.Id} on")).Failed(ExitCode.Refused, "stale_credential");
        var document = (await cluster.RunAsync($"node rotate-key {node.Id} --new-key {third} --cluster {RunningCluster.ClusterId} -o json")).Document();
        Assert.Equal(3, document.GetProperty("key_version").GetInt32());
        (await cluster.RunAsync($"node rotate-key {node.Id} --new-key {third}")).Failed(ExitCode.WrongArgument, "wrong_argument");
    }

    [Fact]
    [Verb("node external-id")]
    public async Task External_id()
    {
        var node = await cluster.RegisterAsync();
        Assert.Equal("two words", (await cluster.RunAsync($"node external-id {node.Id}", "two words")).Value("external_id"));
        var document = (await cluster.RunAsync($"node external-id {node.Id} -o json", "")).Document();
        Assert.Equal("", document.GetProperty("external_id").GetString());
        (await cluster.RunAsync(node, $"node external-id {node.Id} ann")).Failed(ExitCode.Refused, "admin_required");
    }

    [Fact]
    public async Task What_others_named_cannot_command_the_terminal()
    {
        var node = await cluster.RegisterAsync();
        (await cluster.Client.SetExternalIdAsync(node.Id, "red \u001b[31m \u202e")).Require();
        Assert.Equal(@"red \u{1b}[31m \u{202e}", (await cluster.RunAsync($"node get {node.Id}")).Value("external_id"));
        var run = await cluster.RunAsync($"node get {node.Id} -o json");
        Assert.Equal("red \u001b[31m \u202e", run.Document().GetProperty("external_id").GetString());
        Assert.DoesNotContain('\u001b', run.Output);
    }

    [Fact]
    [Verb("node task-exec")]
    public async Task Task_exec()
    {
        var node = await cluster.RegisterAsync();
        Assert.Equal("yes", (await cluster.RunAsync(node, $"node task-exec {node.Id} on")).Value("task_exec"));
        Assert.False((await cluster.RunAsync($"node task-exec {node.Id} off -o json")).Document().GetProperty("task_exec").GetBoolean());
    }

    [Fact]
    [Verb("node deregister")]
    public async Task Deregister()
    {
        var (first, second) = (await cluster.RegisterAsync(), await cluster.RegisterAsync());
        (await cluster.RunAsync($"node deregister {first.Id}")).Failed(ExitCode.NotConfirmed, "not_confirmed");
        Assert.Equal("yes", (await cluster.RunAsync(first, $"node deregister {first.Id} --yes")).Value("existing"));
        Assert.True((await cluster.RunAsync($"node deregister {second.Id} --yes -o json")).Document().GetProperty("existing").GetBoolean());
        Assert.Equal(Code.NodeNotFound, (await cluster.Client.GetNodeAsync(first.Id)).Code);
    }
}
