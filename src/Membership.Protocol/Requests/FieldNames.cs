namespace Membership.Protocol.Requests;

/// <summary>The fields that many commands share, by their names on the wire.</summary>
internal static class FieldNames
{
    public const string Type = "type";
    public const string RequestId = "request_id";
    public const string Settled = "settled";
    public const string AdminToken = "admin_token";
    public const string Signature = "signature";
    public const string Signer = "signer";
    public const string Cluster = "cluster";
    public const string IssuedAt = "issued_at";
    public const string NodeId = "node_id";
    public const string NetworkId = "network_id";
    public const string Target = "target_node_id";
    public const string PublicKey = "public_key";
    public const string ExternalId = "external_id";
    public const string JoinRule = "join_rule";
    public const string Token = "token";
    public const string NetworkAdminToken = "network_admin_token";
    public const string Enterprise = "enterprise";
    public const string Name = "name";
    public const string Rules = "rules";
    public const string ExprPolicy = "expr_policy";
}
