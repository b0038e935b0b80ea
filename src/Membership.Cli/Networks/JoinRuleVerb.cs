using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;

namespace Membership.Cli.Networks;

internal sealed class JoinRuleVerb : ClientVerb
{
    private readonly Argument<NetworkId> _network = Arguments.Network();

    private readonly Argument<JoinRule> _rule = new("RULE")
    {
        Description = NetworkOptions.JoinRuleWords,
        CustomParser = Parsing.Of(NetworkOptions.ParseJoinRule, NetworkOptions.JoinRuleWords),
    };

    private readonly SecretOption _joinToken = new("--join-token", "a new join token, needed when the rule becomes token");

    public JoinRuleVerb()
        : base("network join-rule", "Sets how nodes get into a network.") => Take([_network, _rule, .. _joinToken.Options]);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var done = await registry.Client.SetJoinRuleAsync(call.Get(_network), call.Get(_rule), _joinToken.Read(call), call.Cancel).DoneAsync();
        call.Show(new Fields { { "network_id", done.Answer.Network }, { "join_rule", done.Answer.JoinRule.ToText() } }.With(done.ToFields()));
    }
}
