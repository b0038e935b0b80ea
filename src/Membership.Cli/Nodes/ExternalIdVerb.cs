using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;

namespace Membership.Cli.Nodes;

internal sealed class ExternalIdVerb : ClientVerb
{
    private readonly Argument<NodeId> _node = Arguments.Node();
    private readonly Argument<string> _externalId = new("EXTERNAL-ID") { Description = "up to 256 bytes; \"\" for none" };

    public ExternalIdVerb()
        : base("node external-id", "Sets a node's external id, and with it the roles that wait for it. For admins of the registry.") =>
        Take(_node, _externalId);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var done = await registry.Client.SetExternalIdAsync(call.Get(_node), call.Get(_externalId), call.Cancel).DoneAsync();
        call.Show(new Fields { { "node_id", done.Answer.Node }, { "external_id", done.Answer.ExternalId } }.With(done.ToFields()));
    }
}
