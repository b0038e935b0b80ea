using System.Text.Json;

namespace Membership.Registry.Tests.Rules;

public sealed class RulesTests
{
    [Fact]
    public void All_rules_are_read_typed()
    {
        var rules = Read("""{"links":3,"cycle":"1h30m","prune":3,"fill":1,"prune_by":"activity","fill_how":"random","grace":"0","more":[1]}""");
        var expected = new RuleSet(
            3, new("1h30m", 5_400_000_000_000), 3, 1, PruneBy.Activity, FillHow.Random, new RuleDuration("0", 0));
        Assert.Equal(expected, rules);
    }

    [Theory]
    [InlineData("""{"links":1,"cycle":"1m"}""")]
    [InlineData("""{"links":1,"cycle":"1m","prune":null,"fill":null,"prune_by":null,"fill_how":null,"grace":null}""")]
    public void What_is_not_said_is_nought(string rules) =>
        Assert.Equal(new RuleSet(1, new("1m", 60_000_000_000), 0, 0, PruneBy.Unset, FillHow.Unset, null), Read(rules));

    [Theory]
    [InlineData("""{"links":1,"cycle":"1m"}""")]
    [InlineData("""{"links":4294967295,"cycle":"2562047h","prune":1,"fill":2,"prune_by":"score","fill_how":"random","grace":"1.5h"}""")]
    [InlineData("""{"links":9,"cycle":"1m","prune_by":"age"}""")]
    public void Rules_may_come_as_a_string(string rules) => Assert.Equal(Read(rules), Read(JsonSerializer.Serialize(rules)));

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"cycle":"1m"}""")]
    [InlineData("""{"links":0,"cycle":"1m"}""")]
    [InlineData("""{"links":"1","cycle":"1m"}""")]
    [InlineData("""{"links":1.0,"cycle":"1m"}""")]
    [InlineData("""{"links":4294967296,"cycle":"1m"}""")]
    [InlineData("""{"Links":1,"cycle":"1m"}""")]
    [InlineData("""{"links":1}""")]
    [InlineData("""{"links":1,"cycle":60}""")]
    [InlineData("""{"links":1,"cycle":""}""")]
    [InlineData("""{"links":1,"cycle":"59.999999999s"}""")]
    [InlineData("""{"links":1,"cycle":"-1h"}""")]
    [InlineData("""{"links":1,"cycle":"1m","prune":2}""")]
    [InlineData("""{"links":1,"cycle":"1m","prune":"1"}""")]
    [InlineData("""{"links":1,"cycle":"1m","fill":2}""")]
    [InlineData("""{"links":1,"cycle":"1m","fill":true}""")]
    [InlineData("""{"links":1,"cycle":"1m","prune_by":"Score"}""")]
    [InlineData("""{"links":1,"cycle":"1m","prune_by":1}""")]
    [InlineData("""{"links":1,"cycle":"1m","prune_by":""}""")]
    [InlineData("""{"links":1,"cycle":"1m","fill_how":""}""")]
    [InlineData("""{"links":1,"cycle":"1m","grace":""}""")]
    [InlineData("""{"links":1,"cycle":"1m","fill_how":"best"}""")]
    [InlineData("""{"links":1,"cycle":"1m","fill_how":[]}""")]
    [InlineData("""{"links":1,"cycle":"1m","grace":"-1ns"}""")]
    [InlineData("""{"links":1,"cycle":"1m","grace":0}""")]
    [InlineData("""[]""")]
    [InlineData("""x""")]
    [InlineData("""{"links":1,"cycle":"1m","cycle":"1m"}""")]
    public void Rules_with_anything_wrong_get_the_verdict(string rules)
    {
        var mutation = Wire.Mutation<CreateNetwork>(Request(JsonSerializer.Serialize(rules)));
        Assert.Null(mutation.Rules);
        Assert.Equal(Code.RulesInvalid, mutation.Verdict);
    }

    [Fact]
    public void Rules_are_at_most_16_KiB()
    {
        var rules = """{"links":1,"cycle":"1m"}""";
        Assert.NotNull(Read(rules.PadRight(16 * 1024)));
        Assert.NotNull(Read(JsonSerializer.Serialize(rules.PadRight(16 * 1024))));
        var padded = $$"""{"links":1,"cycle":"1m","pad":"{{new string('x', 16 * 1024)}}"}""";
        Assert.Equal(Code.RulesInvalid, Wire.Mutation<CreateNetwork>(Request(padded)).Verdict);
        Assert.Equal(Code.RulesInvalid, Wire.Mutation<CreateNetwork>(Request(JsonSerializer.Serialize(padded))).Verdict);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("true")]
    [InlineData("[]")]
    public void What_is_neither_object_nor_string_is_no_argument(string rules) =>
        Assert.Equal(new(Code.InvalidArgument, "rules"), Wire.Refuse(Request(rules)));

    private static RuleSet? Read(string rules)
    {
        var mutation = Wire.Mutation<CreateNetwork>(Request(rules));
        Assert.Equal(Code.Ok, mutation.Verdict);
        return mutation.Rules;
    }

    private static string Request(string rules) => $$"""{"type":"create_network","node_id":1,"name":"ops","rules":{{rules}}}""";
}
