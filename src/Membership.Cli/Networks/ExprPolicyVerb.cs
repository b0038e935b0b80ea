using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;

namespace Membership.Cli.Networks;

internal sealed class ExprPolicyVerb : ClientVerb
{
    private readonly Argument<NetworkId> _network = Arguments.Network();
    private readonly Option<string> _set = new("--set") { Description = "the new one: a JSON object with version 1 and rules", HelpName = "FILE" };
    private readonly Option<bool> _clear = new("--clear") { Description = "have none from now on" };

    public ExprPolicyVerb()
        : base("network expr-policy", "Shows, sets or clears a network's expression policy.") => Take(_network, _set, _clear, Freshness.Option);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var (network, file, clears) = (call.Get(_network), call.Get(_set), call.Get(_clear));
        if (file is not null && clears) throw ToolException.WrongArgument("--set and --clear exclude each other, give one of them");
        if (file is null && !clears)
        {
            var read = await registry.Client.GetExprPolicyAsync(network, Freshness.Of(call), call.Cancel).DoneAsync();
            call.Show(new Fields { { "network_id", network }, { "expr_policy", RawJson.Of(read.Answer.Document) }, { "revision", read.Revision } });
            return;
        }

        var document = file is null ? null : NetworkOptions.ReadJson(file);
        var done = await registry.Client.SetExprPolicyAsync(network, document, call.Cancel).DoneAsync();
        call.Show(new Fields { { "network_id", network }, { "cleared", done.Answer.Cleared } }.With(done.ToFields()));
    }
}
