namespace Membership.Registry.Tests.Endpoint;

/// <summary>Requests whose <c>echo</c>, a field that no command knows, comes back as the revision.</summary>
internal static class Json
{
    public static string Status(int echo) => $$"""{"type":"status","echo":{{echo}}}""";

    public static string ListNetworks(int echo) => $$"""{"type":"list_networks","echo":{{echo}}}""";

    public static string Rename(int echo) => $$"""{"type":"rename_network","network_id":1,"name":"n-{{echo}}","echo":{{echo}}}""";

    public static string Watch(int echo) => $$"""{"type":"watch","from_revision":1,"max":10,"wait_ms":30000,"echo":{{echo}}}""";

    public static string Padded(int bytes, string more = "")
    {
        var head = $$"""{"type":"status",{{more}}"padding":" """.TrimEnd();
        return head + new string('x', bytes - head.Length - 2) + "\"}";
    }
}
