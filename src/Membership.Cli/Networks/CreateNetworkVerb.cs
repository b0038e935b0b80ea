using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;
using Membership.Client;

namespace Membership.Cli.Networks;

internal sealed class CreateNetworkVerb : ClientVerb
{
    private readonly Argument<string> _name = new("NAME") { Description = "1 to 63 of a-z 0-9 -, first and last not -" };

    private readonly Option<NodeId?> _owner = new("--owner")
    {
        Description = "the node that owns it (needed)",
        HelpName = "NODE",
        Required = true,
        CustomParser = Parsing.Of<NodeId?>(word => Parsing.Node(word), Parsing.NodeRange),
    };

    private readonly Option<JoinRule?> _joinRule = new("--join-rule")
    {
        Description = "open (default), token, or invite (needs --enterprise)",
        HelpName = "open|token|invite",
        CustomParser = Parsing.Of<JoinRule?>(word => NetworkOptions.ParseJoinRule(word), NetworkOptions.JoinRuleWords),
    };

    private readonly SecretOption _joinToken = new("--join-token", "the join token of a token network");
    private readonly SecretOption _adminToken = new("--admin-token", "a token for admins of this network alone");
    private readonly Option<bool> _enterprise = new("--enterprise") { Description = "with roles, kicks, invites and policies" };
    private readonly Option<string> _rules = new("--rules") { Description = "rules of a managed network (JSON)", HelpName = "FILE" };
    private readonly Option<string> _exprPolicy = new("--expr-policy") { Description = "its expression policy (JSON)", HelpName = "FILE" };

    public CreateNetworkVerb()
        : base("network create", "Creates a network. For admins of the registry.") =>
        Take([_name, _owner, _joinRule, .. _joinToken.Options, .. _adminToken.Options, _enterprise, _rules, _exprPolicy]);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var network = new NewNetwork
        {
            Name = call.Get(_name),
            Creator = call.Get(_owner)!.Value,
            JoinRule = call.Get(_joinRule) ?? JoinRule.Open,
            JoinToken = _joinToken.Read(call),
            AdminToken = _adminToken.Read(call),
            Enterprise = call.Get(_enterprise),
            Rules = call.Get(_rules) is { } rules ? NetworkOptions.ReadRules(rules) : null,
            ExprPolicy = call.Get(_exprPolicy) is { } document ? NetworkOptions.ReadJson(document) : null,
        };
        var done = await registry.Client.CreateNetworkAsync(network, call.Cancel).DoneAsync();
        call.Show(new Fields
        {
            { "network_id", done.Answer.Network },
            { "name", done.Answer.Name },
            { "enterprise", done.Answer.Enterprise },
            { "managed", done.Answer.Managed },
        }.With(done.ToFields()));
    }
}
