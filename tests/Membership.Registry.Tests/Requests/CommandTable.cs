namespace Membership.Registry.Tests.Requests;

/// <summary>
/// Every command with its fields as command specification, sections 3 and 6, lists them: name, kind, and <c>?</c> for an optional one.
/// </summary>
internal static class CommandTable
{
    private const string Paged = " limit:count? consistency:consistency? max_lag_ms:uint32? min_revision:uint64?";

    private static readonly string[] Rows =
    [
        "register_node public_key:text external_id:text?",
        "deregister_node node_id:node",
        "rotate_node_key node_id:node public_key:text new_key_proof:text",
        "set_external_id node_id:node external_id:text",
        "set_task_exec node_id:node enabled:flag",
        "create_network node_id:node name:text join_rule:text? token:token? network_admin_token:token? enterprise:flag? rules:document? expr_policy:document?",
        "delete_network network_id:network node_id:node?",
        "rename_network network_id:network name:text node_id:node?",
        "set_network_enterprise network_id:network enterprise:flag",
        "set_join_rule network_id:network join_rule:text token:token? node_id:node?",
        "set_network_admin_token network_id:network network_admin_token:token node_id:node?",
        "set_network_policy network_id:network max_members:uint32 allowed_ports:ports? description:text? node_id:node?",
        "set_expr_policy network_id:network expr_policy:clearable node_id:node?",
        "set_rbac_preassignments network_id:network roles:roles",
        "join_network node_id:node network_id:network token:token?",
        "leave_network node_id:node network_id:network",
        "kick_member network_id:network target_node_id:node node_id:node?",
        "promote_member network_id:network target_node_id:node node_id:node?",
        "demote_member network_id:network target_node_id:node node_id:node?",
        "transfer_ownership network_id:network new_owner_id:node node_id:node?",
        "set_member_tags network_id:network target_node_id:node tags:texts node_id:node?",
        "invite_to_network network_id:network inviter_id:node target_node_id:node",
        "respond_invite node_id:node network_id:network accept:flag",
        "revoke_invite network_id:network target_node_id:node node_id:node?",
        "list_networks after:uint16? requester_id:uint32?" + Paged,
        "get_network network_id:uint16" + Paged[13..],
        "list_nodes network_id:uint16 after:member? node_id:uint32?" + Paged,
        "get_member_role network_id:uint16 target_node_id:uint32",
        "get_member_tags network_id:uint16 target_node_id:uint32? after:member?" + Paged,
        "get_network_policy network_id:uint16",
        "get_expr_policy network_id:uint16",
        "get_node node_id:uint32",
        "poll_invites node_id:uint32 after:inbox?" + Paged,
        "list_invites network_id:uint16 after:uint32?" + Paged,
        "get_rbac_preassignments network_id:uint16 after:text?" + Paged,
        "get_audit network_id:uint16? node_id:uint32? action:text? from_revision:uint64? after:uint64?" + Paged,
        "status",
        "watch from_revision:uint64 network_id:uint16? node_id:uint32? actions:texts? max:count wait_ms:wait",
        "cluster_status",
        "cluster_add replica:text raft_address:text peer_address:text",
        "cluster_remove replica:text",
        "cluster_transfer replica:text?",
        "snapshot_read index:int64? offset:int64 length:piece",
    ];

    /// <summary>What every command may have beside its own fields.</summary>
    public static IReadOnlyList<CommandField> Shared { get; } =
    [
        new("request_id", "request_id", IsOptional: true),
        new("settled", "settled", IsOptional: true),
        new("admin_token", "token", IsOptional: true),
        new("signature", "text", IsOptional: true),
    ];

    public static IReadOnlyDictionary<string, IReadOnlyList<CommandField>> Commands { get; } =
        Rows.Select(row => row.Split(' ')).ToDictionary(
            words => words[0], words => (IReadOnlyList<CommandField>)[.. words[1..].Select(CommandField.Parse)]);

    /// <summary>A request of the command with every field right, except those that are given.</summary>
    public static string Request(string command, params (string Name, string? Literal)[] changed)
    {
        var fields = new Dictionary<string, string?> { ["type"] = $"\"{command}\"" };
        foreach (var field in Commands[command].Concat(Shared)) fields[field.Name] = field.ValidLiteral;
        foreach (var (name, literal) in changed) fields[name] = literal;
        return $"{{{string.Join(',', fields.Where(field => field.Value is not null).Select(field => $"\"{field.Key}\":{field.Value}"))}}}";
    }
}

/// <summary>A field of a command.</summary>
internal sealed record CommandField(string Name, string Kind, bool IsOptional)
{
    public static CommandField Parse(string word)
    {
        var parts = word.TrimEnd('?').Split(':');
        return new(parts[0], parts[1], word.EndsWith('?'));
    }

    public string ValidLiteral => Kind switch
    {
        "node" or "network" or "uint16" or "uint32" or "uint64" or "int64" or "member" or "inbox" or "count" or "wait" or "piece" => "7",
        "flag" => "true",
        "ports" => "[80,443]",
        "texts" => "[\"a\",\"b\"]",
        "roles" => "[{\"external_id\":\"x\",\"role\":\"admin\"}]",
        "document" or "clearable" => "{\"version\":1,\"rules\":[1],\"links\":1,\"cycle\":\"1h\"}",
        "request_id" => "\"000000000000000a000000000000000b\"",
        "settled" => "\"000000000000000a\"",
        "consistency" => "\"stale\"",
        _ => "\"text\"",
    };

    /// <summary>Values that are an invalid argument, whatever the state is.</summary>
    public IEnumerable<string> WrongLiterals => Kind switch
    {
        "node" => [.. Numbers("4294967296"), "0"],
        "network" or "uint16" => Numbers("65536"),
        "uint32" => Numbers("4294967296"),
        "uint64" => Numbers("18446744073709551616"),
        "int64" => Numbers("9223372036854775808"),
        "count" => [.. Numbers("1001"), "0"],
        "piece" => [.. Numbers("1048577"), "0"],
        "wait" => Numbers("30001"),
        "member" => ["true", "-1", "1.5", "[]", "{}", "4294967296", "\"\"", "\"-1\"", "\"x\"", "\" 1\"", "\"18446744073709551616\""],
        "inbox" => ["true", "-1", "1.5", "[]", "{}", "65536", "\"\"", "\"-1\"", "\"x\"", "\" 1\"", "\"18446744073709551616\""],
        "flag" => ["0", "1", "\"true\"", "[]", "{}", "\"\""],
        "text" => ["0", "1", "true", "[]", "{}"],
        "consistency" => ["0", "true", "[]", "{}", "\"\"", "\"Stale\"", "\"strong\""],
        "token" => ["0", "true", "[]", "{}", $"\"{new string('x', 257)}\"", $"\"{new string('é', 129)}\""],
        "ports" => ["0", "true", "\"80\"", "{}", "[\"80\"]", "[null]", "[-1]", "[1.0]", "[1,4294967296]", "[[]]"],
        "texts" => ["0", "true", "\"a\"", "{}", "[1]", "[null]", "[\"a\",[]]"],
        "roles" => ["0", "true", "\"a\"", "{}", "[1]", "[{}]", "[{\"external_id\":\"x\"}]", "[{\"role\":\"admin\"}]",
            "[{\"external_id\":1,\"role\":\"admin\"}]", "[{\"external_id\":\"x\",\"role\":null}]", "[[]]"],
        "document" or "clearable" => ["0", "true", "[]"],
        "request_id" => ["0", "true", "[]", "{}", "\"\"", "\"000000000000000a000000000000000\"", "\"000000000000000a00000000000000000\"",
            "\"000000000000000g0000000000000001\"", "\" 00000000000000a0000000000000001\"", "\"+00000000000000a0000000000000001\""],
        "settled" => ["0", "true", "[]", "{}", "\"\"", "\"a\"", "\"0000000000000000a\"", "\"000000000000000g\"",
            "\"000000000000000b\"", "\"000000000000000c\"", "\"ffffffffffffffff\""],
        _ => throw new InvalidOperationException(Kind),
    };

    private static string[] Numbers(string tooLarge) => ["\"7\"", "true", "[]", "{}", "-1", "-0", "7.0", "7e0", "0.5", tooLarge];
}
