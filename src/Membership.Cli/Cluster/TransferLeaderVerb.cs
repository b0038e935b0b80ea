using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Running;

namespace Membership.Cli.Cluster;

internal sealed class TransferLeaderVerb : ClientVerb
{
    private readonly Argument<string?> _replica = new("REPLICA")
    {
        Description = "the replica that is to lead; without one, any other",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public TransferLeaderVerb()
        : base("cluster transfer-leader", "Hands leadership over without a gap.") => Take(_replica);

    protected override Task RunAsync(Call call, Connection registry)
    {
        var replica = call.Get(_replica);
        return ClusterChange.RunAsync(
            call, registry, new() { { "replica", replica } }, "handing over", client => client.TransferLeadershipAsync(replica, call.Cancel));
    }
}
