namespace Membership.Protocol.Answers;

/// <summary>The fields of answers that no request has, by their names on the wire.</summary>
internal static class AnswerNames
{
    public const string Error = "error";
    public const string Code = "code";
    public const string Field = "field";
    public const string Leader = "leader";
    public const string Oldest = "oldest";
    public const string Revision = "revision";
    public const string Next = "next";
    public const string Address = "address";
    public const string Role = "role";
    public const string Existing = "existing";
    public const string KeyVersion = "key_version";
    public const string TaskExec = "task_exec";
    public const string MaxMembers = "max_members";
    public const string AllowedPorts = "allowed_ports";
    public const string Description = "description";
    public const string Tags = "tags";
    public const string Managed = "managed";
    public const string Index = "index";
}
