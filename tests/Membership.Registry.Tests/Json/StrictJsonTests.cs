using System.Text;
using Membership.Protocol.Json;

namespace Membership.Registry.Tests.Json;

public sealed class StrictJsonTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("5")]
    [InlineData("{}{}")]
    [InlineData("{} x")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\":01}")]
    [InlineData("{\"a\":.5}")]
    [InlineData("{\"a\":+1}")]
    [InlineData("{\"a\":NaN}")]
    [InlineData("{a:1}")]
    [InlineData("{'a':1}")]
    [InlineData("{\"a\":1/**/}")]
    [InlineData("{\"a\":\"\n\"}")]
    [InlineData("{\"a\":\"\\x\"}")]
    [InlineData("{\"a\":\"\\u12\"}")]
    [InlineData("\uFEFF{}")]
    public void What_is_no_JSON_object_is_refused(string json) => Assert.False(IsRead(json));

    [Theory]
    [InlineData("{\"a\":1,\"a\":1}")]
    [InlineData("{\"a\":1,\"\\u0061\":2}")]
    [InlineData("{\"\":1,\"\":2}")]
    [InlineData("{\"x\":{\"a\":1,\"a\":2}}")]
    [InlineData("{\"x\":[{\"b\":{\"c\":1,\"\\u0063\":2}}]}")]
    [InlineData("{\"x\":{\"a\":{\"q\":1},\"b\":2,\"a\":3}}")]
    public void A_key_twice_is_refused_on_every_level(string json) => Assert.False(IsRead(json));

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(100)]
    public void However_many_keys_there_are_each_is_found_and_none_may_stand_twice(int count)
    {
        var keys = Enumerable.Range(0, count).Select(i => $"ключ-{i}").ToList();
        string Write(IEnumerable<string> fields) => $"{{{string.Join(',', fields)}}}";
        var fields = keys.Select((key, i) => $"\"{(i % 2 == 0 ? key : key.Replace("к", "\\u043a", StringComparison.Ordinal))}\":{i}").ToList();
        Assert.True(JsonObject.TryParse(Encoding.UTF8.GetBytes(Write(fields)), out var parsed));
        for (var i = 0; i < count; i++)
        {
            Assert.True(parsed[keys[i]].TryGetNumber(1000, out var number));
            Assert.Equal((ulong)i, number);
            Assert.Null(parsed.RangeOf(keys[i] + "x"));
            Assert.False(IsRead(Write([.. fields, $"\"{keys[i]}\":0"])));
            Assert.False(IsRead(Write([.. fields, $"\"{keys[i].Replace("ч", "\\u0447", StringComparison.Ordinal)}\":0"])));
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData(" { \"a\" : 1 } \n")]
    [InlineData("{\"a\":1,\"A\":2}")]
    [InlineData("{\"a\":{\"a\":{\"a\":1}},\"b\":{\"a\":1}}")]
    [InlineData("{\"x\":[{\"a\":1},{\"a\":2}]}")]
    [InlineData("{\"a\":\"\\ud83d\\ude00 \\\\ud800 \\\"\"}")]
    public void Keys_of_different_objects_and_of_different_case_are_different(string json) => Assert.True(IsRead(json));

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\\udc00")]
    [InlineData("\\ud800x")]
    [InlineData("\\ud800\\n")]
    [InlineData("\\ud800\\ud800")]
    [InlineData("\\udc00\\ud800")]
    [InlineData("\\ud83d\\ude00\\uDFFF")]
    public void A_lone_surrogate_is_refused_wherever_it_stands(string text)
    {
        Assert.False(IsRead($"{{\"a\":\"{text}\"}}"));
        Assert.False(IsRead($"{{\"{text}\":1}}"));
        Assert.False(IsRead($"{{\"a\":[\"{text}\"]}}"));
        Assert.False(IsRead($"{{\"a\":{{\"{text}\":1}}}}"));
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_refused()
    {
        byte[][] sequences = [[0x80], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82]];
        foreach (var sequence in sequences)
        {
            byte[] json = [.. "{\"a\":\""u8, .. sequence, .. "\"}"u8];
            Assert.False(JsonObject.TryParse(json, out _), Convert.ToHexString(sequence));
        }
    }

    [Fact]
    public void Thirty_two_levels_are_read_and_no_more()
    {
        Assert.True(IsRead(Nested(31)));
        Assert.False(IsRead(Nested(32)));

        static string Nested(int lists) => $"{{\"a\":{new string('[', lists)}{new string(']', lists)}}}";
    }

    [Fact]
    public void Values_are_found_under_their_keys_with_their_bytes()
    {
        Assert.True(JsonObject.TryParse(Bytes("{\"n\": 12 ,\"t\":\"a\\u0062\",\"o\":{\"x\":[1, 2]},\"z\":null}"), out var json));
        Assert.Equal("12", Encoding.UTF8.GetString(json["n"].Raw.Span));
        Assert.Equal("ab", json["t"].ToText());
        Assert.Equal("ab"u8.ToArray(), json["t"].ToUtf8().ToArray());
        Assert.Equal("{\"x\":[1, 2]}", Encoding.UTF8.GetString(json["o"].Raw.Span));
        Assert.True(json["z"].IsAbsent);
        Assert.True(json["N"].IsAbsent);
        Assert.Null(json.RangeOf("N"));
        Assert.Equal(1..8, json.RangeOf("n"));
    }

    [Theory]
    [InlineData("0", 10UL, 0UL)]
    [InlineData("10", 10UL, 10UL)]
    [InlineData("11", 10UL, null)]
    [InlineData("-0", 10UL, null)]
    [InlineData("-1", 10UL, null)]
    [InlineData("1.0", 10UL, null)]
    [InlineData("1e0", 10UL, null)]
    [InlineData("\"1\"", 10UL, null)]
    [InlineData("true", 10UL, null)]
    [InlineData("18446744073709551615", ulong.MaxValue, ulong.MaxValue)]
    [InlineData("18446744073709551616", ulong.MaxValue, null)]
    [InlineData("99999999999999999999999999999999999999", ulong.MaxValue, null)]
    public void A_number_is_an_integer_literal_in_range(string literal, ulong max, ulong? expected)
    {
        Assert.True(JsonObject.TryParse(Bytes($"{{\"n\":{literal}}}"), out var json));
        Assert.Equal(expected, json["n"].TryGetNumber(max, out var number) ? number : null);
    }

    private static bool IsRead(string json) => JsonObject.TryParse(Bytes(json), out _);

    private static byte[] Bytes(string json) => Encoding.UTF8.GetBytes(json);
}
