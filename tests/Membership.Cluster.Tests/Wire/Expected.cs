using System.Text.Json;
using Xunit;

namespace Membership.Cluster.Tests.Wire;

/// <summary>Compares an answer with what the specification says: these fields and no others. A text <c>*</c> stands for any number or text.</summary>
internal static class Expected
{
    /// <summary>A success of this command, with its revision and exactly these fields.</summary>
    public static void Success(string type, string fields, JsonElement answer)
    {
        var expected = JsonDocument.Parse($$"""{"type":"{{type}}_ok","revision":"*"{{(fields.Length > 0 ? "," : "")}}{{fields}}}""").RootElement;
        Assert.True(Matches(expected, answer), $"expected {expected}\nanswered {answer}");
    }

    private static bool Matches(JsonElement expected, JsonElement actual) => expected.ValueKind switch
    {
        JsonValueKind.String when expected.GetString() == "*" => actual.ValueKind is JsonValueKind.Number or JsonValueKind.String,
        JsonValueKind.Object => actual.ValueKind == JsonValueKind.Object
            && expected.EnumerateObject().Select(p => p.Name).Order().SequenceEqual(actual.EnumerateObject().Select(p => p.Name).Order())
            && expected.EnumerateObject().All(p => Matches(p.Value, actual.GetProperty(p.Name))),
        JsonValueKind.Array => actual.ValueKind == JsonValueKind.Array
            && expected.GetArrayLength() == actual.GetArrayLength()
            && expected.EnumerateArray().Zip(actual.EnumerateArray()).All(pair => Matches(pair.First, pair.Second)),
        _ => JsonElement.DeepEquals(expected, actual),
    };
}
