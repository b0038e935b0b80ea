using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Members;
using Membership.Cli.Output;
using Membership.Cli.Running;

namespace Membership.Cli.Invites;

internal sealed class RespondInviteVerb : ClientVerb
{
    private readonly Argument<NetworkId> _network = Arguments.Network();

    private readonly Argument<bool> _accepts = new("accept|decline")
    {
        Description = "the answer",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = Parsing.Of<bool>(word => word switch { "accept" => true, "decline" => false, _ => null }, "accept or decline"),
    };

    public RespondInviteVerb()
        : base("invite respond", "Answers an invite. For the invited node alone: needs --key and --node.") => Take(_network, _accepts);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var node = registry.Node ?? throw ToolException.WrongArgument("nobody answers for a node but itself, give --key and --node");
        var done = await registry.Client.RespondInviteAsync(node, call.Get(_network), call.Get(_accepts), call.Cancel).DoneAsync();
        var answer = new Fields { { "accepted", done.Answer.Admission is not null } };
        var told = done.Answer.Admission is { } admission ? AdmissionFields.Of(admission) : new Fields { { "network_id", done.Answer.Network } };
        call.Show(answer.With(told).With(done.ToFields()));
    }
}
