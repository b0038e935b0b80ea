using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Membership.Cli.Output;

namespace Membership.Cli.Logs;

/// <summary>The members of a mutation as results, by their names. What was made of a token stays hidden: short ones could be guessed from it.</summary>
internal static class RecordFields
{
    private const string Hidden = "(hidden)";

    public static Fields Of(object record)
    {
        var fields = new Fields();
        foreach (var member in record.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(member => member.Name != nameof(Mutation.Kind)))
            fields.Add(JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Name), ValueOf(member.GetValue(record)));
        return fields;
    }

    private static object? ValueOf(object? value) => value switch
    {
        null or string or bool or int or uint or long or ulong or ushort or NodeId or NetworkId or PublicKey => value,
        TokenVerifier or TokenProof or TokenMac => Hidden,
        ReadOnlyMemory<byte> document => Encoding.UTF8.GetString(document.Span),
        Enum name => JsonNamingPolicy.SnakeCaseLower.ConvertName(name.ToString()),
        IEnumerable list => list.Cast<object?>().Select(ValueOf).ToArray(),
        _ => Of(value),
    };
}
