using System.Text.Json;
using Membership.Cli.Running;
using Membership.Client;
using Membership.EndToEnd.Running;
using Xunit;

namespace Membership.EndToEnd.Verbs;

[Collection(RunningCluster.Name)]
public sealed class NetworkTests(RunningCluster cluster)
{
    [Fact]
    [Verb("network create")]
    public async Task Create()
    {
        var (owner, name) = (await cluster.RegisterAsync(), RunningCluster.NewName());
        var made = await cluster.RunAsync($"network create {name} --owner {owner.Id}");
        var info = (await cluster.Client.GetNetworkAsync(new(ushort.Parse(made.Value("network_id"), null)))).Require();
        Assert.Equal((name, JoinRule.Open, false), (info.Name, info.JoinRule, info.Enterprise));
        Assert.Equal("no", made.Value("managed"));

        var rules = cluster.Write("""{"links":3,"cycle":"24h"}""");
        var policy = cluster.Write("""{"version":1,"rules":[]}""");
        name = RunningCluster.NewName();
        var document = (await cluster.RunAsync(
            $"network create {name} --owner {owner.Id} --join-rule token --enterprise -o json",
            "--join-token-file", cluster.Write("sesame\n"), "--rules", rules, "--expr-policy", policy)).Document();
        Assert.Equal(["network_id", "name", "enterprise", "managed", "revision", "request_id"], document.EnumerateObject().Select(field => field.Name));
        Assert.True(document.GetProperty("managed").GetBoolean());
        info = (await cluster.Client.GetNetworkAsync(new(document.GetProperty("network_id").GetUInt16()))).Require();
        Assert.Equal((name, JoinRule.Token, true, true), (info.Name, info.JoinRule, info.Enterprise, info.HasExprPolicy));
        Assert.Equal(3u, info.Rules!.Links);
    }

    [Fact]
    [Verb("network list")]
    public async Task List()
    {
        var (network, _) = await cluster.CreateAsync();
        var table = (await cluster.RunAsync("network list")).Succeeded();
        Assert.Equal(["network_id", "name", "join_rule", "enterprise", "members", "max_members", "created"], table.Rows()[0][..7]);
        Assert.Equal(["0", "backbone", "open", "no"], table.Rows()[1][..4]);
        Assert.Contains(table.Rows(), row => row[0] == $"{network}" && row[2] == "open" && row[3] == "yes" && row[4] == "1");

        var list = (await cluster.RunAsync("network list -o json --consistency stale")).Document().GetProperty("networks").EnumerateArray().ToList();
        Assert.Equal(0, list[0].GetProperty("network_id").GetInt32());
        Assert.Contains("backbone", list[0].GetProperty("name").GetString());
    }

    [Fact]
    [Verb("network get")]
    public async Task Get()
    {
        var (network, _) = await cluster.CreateAsync();
        Assert.Equal("open", (await cluster.RunAsync($"network get {network}")).Value("join_rule"));
        var document = (await cluster.RunAsync($"network get {network} -o json")).Document();
        Assert.Equal(network.Value, document.GetProperty("network_id").GetInt32());
        Assert.Equal(1, document.GetProperty("members").GetInt32());
        Assert.Equal(JsonValueKind.Null, document.GetProperty("rules").ValueKind);
        Assert.True(document.GetProperty("revision").GetUInt64() > 0);
    }

    [Fact]
    [Verb("network rename")]
    public async Task Rename()
    {
        var (network, owner) = await cluster.CreateAsync();
        var name = RunningCluster.NewName();
        Assert.Equal(name, (await cluster.RunAsync($"network rename {network} {name}")).Value("name"));
        Assert.Equal(name, (await cluster.Client.GetNetworkAsync(network)).Require().Name);

        name = RunningCluster.NewName();
        var document = (await cluster.RunAsync(owner, $"network rename {network} {name} -o json")).Document();
        Assert.Equal(name, document.GetProperty("name").GetString());
        Assert.Equal(32, document.GetProperty("request_id").GetString()!.Length);
    }

    [Fact]
    [Verb("network delete")]
    public async Task Delete()
    {
        var (first, owner) = await cluster.CreateAsync();
        var (second, _) = await cluster.CreateAsync();
        (await cluster.RunAsync($"network delete {first}")).Failed(ExitCode.NotConfirmed, "not_confirmed");
        Assert.Equal($"{first}", (await cluster.RunAsync(owner, $"network delete {first} --yes")).Value("network_id"));
        Assert.Equal(second.Value, (await cluster.RunAsync($"network delete {second} --yes -o json")).Document().GetProperty("network_id").GetInt32());
        Assert.Equal(Code.NetworkNotFound, (await cluster.Client.GetNetworkAsync(first)).Code);
        Assert.Equal(Code.NetworkNotFound, (await cluster.Client.GetNetworkAsync(second)).Code);
    }

    [Fact]
    [Verb("network policy")]
    public async Task Policy()
    {
        var (network, owner) = await cluster.CreateAsync();
        var changed = await cluster.RunAsync(owner, $"network policy {network} --max-members 7 --allowed-ports 80,443", "--description", "for two words");
        Assert.Equal("7", changed.Value("max_members"));
        var shown = await cluster.RunAsync($"network policy {network}");
        Assert.Equal(("7", "80,443", "for two words"), (shown.Value("max_members"), shown.Value("allowed_ports"), shown.Value("description")));

        var document = (await cluster.RunAsync($"network policy {network} --allowed-ports", "", "-o", "json")).Document();
        Assert.Equal(7, document.GetProperty("max_members").GetInt32());
        Assert.Equal(0, document.GetProperty("allowed_ports").GetArrayLength());
        document = (await cluster.RunAsync($"network policy {network} -o json")).Document();
        Assert.Equal("for two words", document.GetProperty("description").GetString());
    }

    [Fact]
    [Verb("network join-rule")]
    public async Task Join_rule()
    {
        var (network, _) = await cluster.CreateAsync();
        Assert.Equal("token", (await cluster.RunAsync($"network join-rule {network} token --join-token sesame")).Value("join_rule"));
        var document = (await cluster.RunAsync($"network join-rule {network} invite -o json")).Document();
        Assert.Equal("invite", document.GetProperty("join_rule").GetString());
        Assert.Equal(JoinRule.Invite, (await cluster.Client.GetNetworkAsync(network)).Require().JoinRule);
        (await cluster.RunAsync($"network join-rule {network} token")).Failed(ExitCode.Refused, "token_required");
    }

    [Fact]
    [Verb("network expr-policy")]
    public async Task Expression_policy()
    {
        var (network, _) = await cluster.CreateAsync();
        var file = cluster.Write("""{"version":1,"rules":[{"allow":"all"}]}""");
        Assert.Equal("no", (await cluster.RunAsync($"network expr-policy {network} --set {file}")).Value("cleared"));
        Assert.Equal("""{"version":1,"rules":[{"allow":"all"}]}""", (await cluster.RunAsync($"network expr-policy {network}")).Value("expr_policy"));
        var shown = (await cluster.RunAsync($"network expr-policy {network} -o json")).Document();
        Assert.Equal("all", shown.GetProperty("expr_policy").GetProperty("rules")[0].GetProperty("allow").GetString());
        Assert.True((await cluster.RunAsync($"network expr-policy {network} --clear -o json")).Document().GetProperty("cleared").GetBoolean());
        shown = (await cluster.RunAsync($"network expr-policy {network} -o json")).Document();
        Assert.Equal(JsonValueKind.Null, shown.GetProperty("expr_policy").ValueKind);
        (await cluster.RunAsync($"network expr-policy {network} --set {cluster.Write("no JSON")}")).Failed(ExitCode.WrongArgument, "wrong_argument");
        (await cluster.RunAsync($"network expr-policy {network} --set {cluster.Write("{}")}")).Failed(ExitCode.Refused, "expr_policy_invalid");
    }

    [Fact]
    [Verb("network admin-token")]
    public async Task Admin_token()
    {
        var (network, _) = await cluster.CreateAsync();
        var token = cluster.Write("for this network\n");
        Assert.Equal("no", (await cluster.RunAsync($"network admin-token {network} --new-token-file {token}")).Value("cleared"));
        var name = RunningCluster.NewName();
        var renamed = await Tool.RunAsync("network", "rename", $"{network}", name, "--endpoints", cluster.EndPoints, "--token-file", token);
        Assert.Equal(name, renamed.Value("name"));

        Assert.True((await cluster.RunAsync($"network admin-token {network} --clear -o json")).Document().GetProperty("cleared").GetBoolean());
        renamed = await Tool.RunAsync("network", "rename", $"{network}", name, "--endpoints", cluster.EndPoints, "--token-file", token);
        renamed.Failed(ExitCode.Refused, "admin_token_invalid");
        (await cluster.RunAsync($"network admin-token {network}")).Failed(ExitCode.WrongArgument, "wrong_argument");
    }

    [Fact]
    [Verb("network enterprise")]
    public async Task Enterprise()
    {
        var (network, _) = await cluster.CreateAsync();
        Assert.Equal("no", (await cluster.RunAsync($"network enterprise {network} off")).Value("enterprise"));
        Assert.True((await cluster.RunAsync($"network enterprise {network} on -o json")).Document().GetProperty("enterprise").GetBoolean());
        Assert.True((await cluster.Client.GetNetworkAsync(network)).Require().Enterprise);
    }

    [Fact]
    [Verb("network rbac")]
    public async Task Pre_assigned_roles()
    {
        var (network, _) = await cluster.CreateAsync();
        var file = cluster.Write("""[{"external_id":"ann","role":"admin"},{"external_id":"bob","role":"member"}]""");
        Assert.Equal("2", (await cluster.RunAsync($"network rbac {network} --set {file}")).Value("count"));
        Assert.Equal(["ann", "admin"], (await cluster.RunAsync($"network rbac {network}")).Succeeded().Rows()[1]);
        var roles = (await cluster.RunAsync($"network rbac {network} -o json")).Document().GetProperty("roles");
        Assert.Equal(["ann", "bob"], roles.EnumerateArray().Select(role => role.GetProperty("external_id").GetString()!));
        var cleared = (await cluster.RunAsync($"network rbac {network} --set {cluster.Write("[]")} -o json")).Document();
        Assert.Equal(0, cleared.GetProperty("count").GetInt32());
        (await cluster.RunAsync($"network rbac {network} --set {cluster.Write("""[{"role":"admin"}]""")}")).Failed(ExitCode.WrongArgument, "wrong_argument");
    }
}
