using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;

namespace Membership.Cli.Nodes;

internal sealed class RotateKeyVerb : ClientVerb
{
    private readonly Argument<NodeId> _node = Arguments.Node();

    private readonly Option<string> _newKey = new("--new-key")
    {
        Description = "the new private key (PEM), which proves itself (needed)",
        HelpName = "FILE",
        Required = true,
    };

    public RotateKeyVerb()
        : base("node rotate-key", "Replaces a node's key. For the node itself (by its old key) and admins of the registry.") => Take(_node, _newKey);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        registry.RequireCluster("the new key's proof");
        using var key = KeyFile.Read(call.Get(_newKey)!);
        var done = await registry.Client.RotateNodeKeyAsync(call.Get(_node), key, call.Cancel).DoneAsync();
        call.Show(new Fields
        {
            { "node_id", done.Answer.Node },
            { "public_key", key.PublicKey },
            { "key_version", done.Answer.KeyVersion },
        }.With(done.ToFields()));
    }
}
