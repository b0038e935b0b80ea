using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;

namespace Membership.Cli.Nodes;

internal sealed class KeygenVerb : Verb
{
    private readonly Argument<string> _file = new("FILE") { Description = "a file that is not there yet" };

    public KeygenVerb()
        : base("node keygen", "Makes a private key (PEM, as openssl makes it) and shows its public key. Asks nobody.") => Take(_file);

    public override Task RunAsync(Call call)
    {
        var file = call.Get(_file);
        using var key = KeyFile.Create(file);
        call.Show(new Fields { { "file", file }, { "public_key", key.PublicKey } });
        return Task.CompletedTask;
    }
}
