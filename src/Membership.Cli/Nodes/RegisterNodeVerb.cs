using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;
using Membership.Client;

namespace Membership.Cli.Nodes;

internal sealed class RegisterNodeVerb : ClientVerb
{
    private readonly Option<PublicKey?> _publicKey = new("--public-key")
    {
        Description = "the node's public key, 32 bytes in base64; default is that of --key, which then proves itself",
        HelpName = "BASE64",
        CustomParser = Parsing.Of<PublicKey?>(ParseKey, "a public key, 32 bytes in base64"),
    };

    private readonly Option<string> _externalId = new("--external-id") { Description = "up to 256 bytes, for admins of the registry", HelpName = "ID" };

    public RegisterNodeVerb()
        : base("node register", "Registers a node's key. For admins of the registry, and for the key itself where the replicas allow it.") =>
        Take(_publicKey, _externalId);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var key = call.Get(_publicKey) ?? registry.Key?.PublicKey
            ?? throw ToolException.WrongArgument("it is not known which key, give --public-key or --key");

        // One that is registered already may have been given with its node; it proves itself all the same.
        var client = registry.Key is { } own && own.PublicKey == key ? registry.Client.As(ClientIdentity.NewKey(own)) : registry.Client;
        var done = await client.RegisterNodeAsync(key, call.Get(_externalId), call.Cancel).DoneAsync();
        call.Show(new Fields
        {
            { "node_id", done.Answer.Node },
            { "public_key", key },
            { "existing", done.Answer.Existing },
        }.With(done.ToFields()));
    }

    private static PublicKey? ParseKey(string word)
    {
        var bytes = new byte[PublicKey.Length + 1];
        return Convert.TryFromBase64String(word, bytes, out var length) && length == PublicKey.Length ? new PublicKey(bytes.AsSpan(0, length)) : null;
    }
}
