using System.Text;
using System.Text.Json;
using Membership.Cli.Output;
using Membership.Client;
using Membership.Protocol.Rules;

namespace Membership.Cli.Networks;

/// <summary>Networks and what belongs to them, as results.</summary>
internal static class NetworkFields
{
    /// <summary>What a list of networks shows in its table.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["network_id", "name", "join_rule", "enterprise", "members", "max_members", "created", "description"];

    public static Fields Of(NetworkInfo network) => new()
    {
        { "network_id", network.Network },
        { "name", network.Name },
        { "join_rule", network.JoinRule.ToText() },
        { "enterprise", network.Enterprise },
        { "created", Moment.OfSeconds(network.CreatedAt) },
        { "members", network.Members },
        { "max_members", network.MaxMembers },
        { "description", network.Description },
        { "rules", Of(network.Rules) },
        { "has_expr_policy", network.HasExprPolicy },
    };

    public static Fields Of(NetworkId network, NetworkPolicy? policy) => new()
    {
        { "network_id", network },
        { "max_members", policy?.MaxMembers },
        { "allowed_ports", policy?.AllowedPorts },
        { "description", policy?.Description },
    };

    public static RawJson? Of(RuleSet? rules)
    {
        if (rules is null) return null;
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes)) RulesJson.Write(json, rules);
        return new(Encoding.UTF8.GetString(bytes.ToArray()));
    }
}
