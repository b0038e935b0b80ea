using System.CommandLine;
using System.Text.Json;
using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;

namespace Membership.Cli.Networks;

internal sealed class RbacVerb : ClientVerb
{
    private readonly Argument<NetworkId> _network = Arguments.Network();

    private readonly Option<string> _set = new("--set")
    {
        Description = "replace them by a JSON list of {\"external_id\":…,\"role\":\"admin\"|\"member\"}; [] for none",
        HelpName = "FILE",
    };

    public RbacVerb()
        : base("network rbac", "Shows or replaces the roles that wait for external ids. For admins of the registry.") =>
        Take(_network, _set, Freshness.Option);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var network = call.Get(_network);
        if (call.Get(_set) is { } file)
        {
            var done = await registry.Client.SetRbacPreassignmentsAsync(network, ReadRoles(file), call.Cancel).DoneAsync();
            call.Show(new Fields { { "network_id", network }, { "count", done.Answer.Count } }.With(done.ToFields()));
            return;
        }

        var roles = new List<Fields>();
        await foreach (var role in registry.Client.EnumerateRbacPreassignmentsAsync(network, Freshness.Of(call), call.Cancel))
            roles.Add(new() { { "external_id", role.ExternalId }, { "role", role.Role.ToText() } });
        call.Show(new Listing("roles", ["external_id", "role"], roles) { About = new() { { "network_id", network } } });
    }

    private static List<PreAssignment> ReadRoles(string file)
    {
        try
        {
            using var list = JsonDocument.Parse(InputFile.ReadText(file));
            return [.. list.RootElement.EnumerateArray().Select(ReadRole)];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw ToolException.WrongArgument($"{file} is no list of {{\"external_id\":…,\"role\":…}} in JSON, correct it");
        }
    }

    private static PreAssignment ReadRole(JsonElement item) => new(item.GetProperty("external_id").GetString()!, item.GetProperty("role").GetString() switch
    {
        "admin" => Role.Admin,
        "member" => Role.Member,
        "owner" => Role.Owner,
        _ => throw new JsonException(),
    });
}
