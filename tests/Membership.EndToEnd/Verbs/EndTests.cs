using System.Diagnostics;
using System.Globalization;
using Membership.Cli.Connections;
using Membership.Cli.Running;
using Membership.EndToEnd.Running;
using Xunit;

namespace Membership.EndToEnd.Verbs;

/// <summary>How runs end that do not end well: one line, and the documented exit code.</summary>
[Collection(RunningCluster.Name)]
public sealed class EndTests(RunningCluster cluster)
{
    [Theory]
    [InlineData("bogus", "'bogus' is no command, see 'membership --help'")]
    [InlineData("network", "see 'membership network --help'")]
    [InlineData("network rename 1", "NAME")]
    [InlineData("network enterprise 1", "on|off")]
    [InlineData("node task-exec 1 maybe", "'maybe' is not on or off")]
    [InlineData("invite respond 1", "accept|decline")]
    [InlineData("network rename x name", "'x' is not a network id, 0 to 65535")]
    [InlineData("network rename 65536 name", "'65536' is not a network id, 0 to 65535")]
    [InlineData("node get 0", "'0' is not a node id, 1 to 4294967295")]
    [InlineData("network list -o xml", "'xml' is not table or json")]
    [InlineData("network list --timeout 0s", "a time such as 10s")]
    [InlineData("network list --endpoints nowhere", "'nowhere' is not host:port,host:port")]
    [InlineData("network list", "MEMBERSHIP_ENDPOINTS")]
    [InlineData("network list --endpoints 127.0.0.1:1 --token-file /nowhere/at/all", "/nowhere/at/all cannot be read")]
    [InlineData("network list --endpoints 127.0.0.1:1 --token x --token-file y", "exclude each other")]
    [InlineData("network list --endpoints 127.0.0.1:1 --token x --key y", "two actors")]
    [InlineData("network list --endpoints 127.0.0.1:1 --key y", "give --cluster")]
    [InlineData("network list --endpoints 127.0.0.1:1 --key /dev/null --cluster c", "no Ed25519 private key")]
    [InlineData("network list --endpoints 127.0.0.1:1 --tls-authority /dev/null", "no certificate")]
    public async Task A_wrong_argument_is_told_before_anything_is_sent(string words, string told)
    {
        var run = (await Tool.RunAsync(words.Split(' '))).Failed(ExitCode.WrongArgument, "wrong_argument");
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("network list")]
    [InlineData("network rename 1 name --token x")]
    [InlineData("cluster remove c --yes --token x")]
    [InlineData("watch --token x")]
    [InlineData("audit --token x -o json")]
    [InlineData("snapshot save /tmp/never-written --token x")]
    public async Task Where_no_replica_answers_it_is_told_which_were_asked(string words)
    {
        var run = await Tool.RunAsync([.. words.Split(' '), "--endpoints", "127.0.0.1:1,127.0.0.1:2", "--timeout", "1s"]);
        run.Failed(ExitCode.Unavailable, "unavailable");
        Assert.Contains("no replica answers at 127.0.0.1:1, 127.0.0.1:2", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task A_refusal_says_its_code_and_what_to_do()
    {
        var run = (await cluster.RunAsync("network get 65535")).Failed(ExitCode.Refused, "network_not_found");
        Assert.Equal("error: network_not_found: network not found, see 'membership network list'; only who may see it can name it\n", run.Error);
        Assert.Empty(run.Output);
        (await Tool.RunAsync("network", "rename", "1", "name", "--endpoints", cluster.EndPoints, "--token", "wrong")).Failed(ExitCode.Refused, "admin_token_invalid");
        (await cluster.RunAsync("network rename 0 name")).Failed(ExitCode.Refused, "backbone");
    }

    [Theory]
    [InlineData("health")]
    [InlineData("status")]
    [InlineData("peers")]
    public async Task A_wrong_token_is_told_as_one(string verb) =>
        (await Tool.RunAsync(verb, "--endpoints", cluster.EndPoints, "--token", "wrong")).Failed(ExitCode.Refused, "admin_token_invalid");

    [Fact]
    public async Task A_device_is_not_replaced_by_a_file()
    {
        if (OperatingSystem.IsWindows()) return;
        var device = cluster.NewPath();
        File.CreateSymbolicLink(device, "/dev/full");
        (await cluster.RunAsync($"snapshot save {device} --yes")).Failed(ExitCode.WrongArgument, "wrong_argument");
        Assert.Equal("/dev/full", new FileInfo(device).LinkTarget);
    }

    [Fact]
    public async Task Where_the_output_cannot_be_written_it_is_told_that_the_change_may_be_done()
    {
        if (OperatingSystem.IsWindows()) return;
        string[] arguments = ["network", "list", "--endpoints", cluster.EndPoints, "--token-file", cluster.TokenFile];
        using var process = Tool.StartInShell("\"$@\" >/dev/full", arguments);
        var run = (await Tool.EndAsync(process, arguments)).Failed(ExitCode.FileFailed, "file_failed");
        Assert.Contains("the output cannot be written", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_replica_is_passed_over()
    {
        var run = await Tool.RunAsync("network", "get", "0", "--endpoints", $"127.0.0.1:1,{cluster.EndPoints},127.0.0.1:2");
        Assert.Equal("backbone", run.Value("name"));
    }

    [Fact]
    public async Task An_outcome_that_nobody_told_is_unknown_and_says_its_request()
    {
        await using var silent = SilentReplica.Start();
        var run = await Tool.RunAsync("network", "rename", "1", "name", "--endpoints", $"{silent.EndPoint}", "--token", "x", "--timeout", "1s");
        run.Failed(ExitCode.OutcomeUnknown, "outcome_unknown");
        Assert.Matches("request [0-9a-f]{32}, look with 'membership audit --request [0-9a-f]{32}'", run.Error);
        run = await Tool.RunAsync("network", "list", "--endpoints", $"{silent.EndPoint}", "--timeout", "1s");
        run.Failed(ExitCode.Unavailable, "unavailable");
    }

    [Fact]
    public async Task An_interrupt_ends_a_request_at_once()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var silent = SilentReplica.Start();
        string[] arguments = ["network", "rename", "1", "name", "--endpoints", $"{silent.EndPoint}", "--token", "x", "--timeout", "1h"];
        using var process = Tool.Start(new Dictionary<string, string>(), arguments);
        await silent.Asked.WaitAsync(TimeSpan.FromMinutes(1));
        Process.Start("kill", ["-INT", $"{process.Id}"]).Dispose();
        (await Tool.EndAsync(process, arguments)).Failed(ExitCode.Interrupted, "interrupted");
    }

    [Fact]
    public async Task Settings_may_stand_in_the_environment_and_an_option_wins()
    {
        var environment = new Dictionary<string, string>
        {
            ["MEMBERSHIP_ENDPOINTS"] = cluster.EndPoints,
            ["MEMBERSHIP_TOKEN_FILE"] = cluster.TokenFile,
        };
        (await Tool.RunAsync(environment, "node", "list")).Succeeded();
        (await Tool.RunAsync(environment, "node", "list", "--token", "wrong")).Failed(ExitCode.Refused, "admin_token_invalid");
        var node = await cluster.RegisterAsync();
        environment = new() { ["MEMBERSHIP_ENDPOINTS"] = cluster.EndPoints, ["MEMBERSHIP_CLUSTER"] = RunningCluster.ClusterId };
        (environment["MEMBERSHIP_KEY"], environment["MEMBERSHIP_NODE"]) = (node.KeyFile, $"{node.Id}");
        (await Tool.RunAsync(environment, "invite", "inbox", $"{node.Id}")).Succeeded();
        environment["MEMBERSHIP_TOKEN"] = "x";
        (await Tool.RunAsync(environment, "invite", "inbox", $"{node.Id}")).Failed(ExitCode.WrongArgument, "wrong_argument");
    }

    [Fact]
    public async Task Help_ends_with_the_exit_codes()
    {
        var help = (await Tool.RunAsync("--help")).Succeeded();
        Assert.All(ExitCodes.All, code => Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"  {(int)code.Code,-4} {code.Meaning}\n"), help.Output, StringComparison.Ordinal));
        Assert.Contains("--owner", (await Tool.RunAsync("network", "create", "--help")).Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_exit_code_has_a_meaning_and_every_code_an_advice()
    {
        Assert.Equal(Enum.GetValues<ExitCode>(), ExitCodes.All.Select(row => row.Code));
        var fallback = Advice.For(null);
        Assert.All(Enum.GetValues<Code>().Where(code => code is not (Code.Ok or Code.OutcomeUnknown)), code => Assert.NotEqual(fallback, Advice.For(code)));
    }
}
