using System.CommandLine;
using Membership.Cli.Running;
using Membership.Client;

namespace Membership.Cli.Connections;

/// <summary>A verb that asks replicas: it has the options for that, and what the registry refuses ends it with the registry's code.</summary>
internal abstract class ClientVerb : Verb
{
    protected ClientVerb(string path, string description)
        : base(path, description)
    {
    }

    public sealed override IEnumerable<Option> SharedOptions => ConnectionOptions.All;

    public sealed override async Task RunAsync(Call call)
    {
        await using var registry = Connection.Of(call);
        try
        {
            await RunAsync(call, registry);
        }
        catch (MembershipRequestException e)
        {
            throw await Refusal.ToEndAsync(e, registry.EndPoints, call.Cancel);
        }
        catch (PlaintextTokenException e)
        {
            throw ToolException.WrongArgument($"{e.Message.TrimEnd('.')}, give --tls or, at your own risk, --insecure-plaintext");
        }
    }

    /// <summary>Does it.</summary>
    /// <exception cref="MembershipRequestException">The registry refused, or nobody said what became of it.</exception>
    protected abstract Task RunAsync(Call call, Connection registry);
}
