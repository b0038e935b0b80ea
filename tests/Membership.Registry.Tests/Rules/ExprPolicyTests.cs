using System.Text;

namespace Membership.Registry.Tests.Rules;

public sealed class ExprPolicyTests
{
    [Theory]
    [InlineData("""{"version":1,"rules":[{"x":"é 1.50"}]}""")]
    [InlineData("{ \"rules\" : [ 1 ],\n\"version\" : 1 }")]
    public void A_document_is_kept_byte_for_byte(string document)
    {
        Assert.Equal(document, Encoding.UTF8.GetString(Wire.Mutation<SetExprPolicy>(Set(document)).Document.Span));
        Assert.Equal(document, Encoding.UTF8.GetString(Wire.Mutation<CreateNetwork>(Create(document)).ExprPolicy.Span));
    }

    [Theory]
    [InlineData("""{"version":1}""")]
    [InlineData("""{"version":1,"rules":[]}""")]
    [InlineData("""{"version":1,"rules":{"a":1}}""")]
    public void Only_setting_one_asks_for_rules(string document)
    {
        Assert.Equal(Code.ExprPolicyInvalid, Wire.Mutation<SetExprPolicy>(Set(document)).Verdict);
        Assert.Equal(Code.Ok, Wire.Mutation<CreateNetwork>(Create(document)).Verdict);
    }

    [Theory]
    [InlineData("""{"rules":[1]}""")]
    [InlineData("""{"version":2,"rules":[1]}""")]
    [InlineData("""{"version":0,"rules":[1]}""")]
    [InlineData("""{"version":1.0,"rules":[1]}""")]
    [InlineData("""{"version":"1","rules":[1]}""")]
    [InlineData("""{"version":true,"rules":[1]}""")]
    [InlineData("""{"Version":1,"rules":[1]}""")]
    [InlineData("\"{}\"")]
    public void A_document_of_another_version_gets_the_verdict(string document)
    {
        var set = Wire.Mutation<SetExprPolicy>(Set(document));
        Assert.Equal((Code.ExprPolicyInvalid, true), (set.Verdict, set.Document.IsEmpty));
        Assert.Equal(Code.ExprPolicyInvalid, Wire.Mutation<CreateNetwork>(Create(document)).Verdict);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    public void None_clears(string none)
    {
        var set = Wire.Mutation<SetExprPolicy>(Set(none));
        Assert.Equal((Code.Ok, true), (set.Verdict, set.Document.IsEmpty));
        Assert.True(Wire.Mutation<CreateNetwork>(Create(none)).ExprPolicy.IsEmpty);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("[]")]
    [InlineData("false")]
    public void What_is_neither_object_nor_string_is_no_argument(string document) =>
        Assert.Equal(new(Code.InvalidArgument, "expr_policy"), Wire.Refuse(Set(document)));

    [Fact]
    public void A_document_is_at_most_64_KiB()
    {
        const string Head = "{\"version\":1,\"rules\":[\"x\"],\"pad\":\"";
        var fits = Head + new string('x', 64 * 1024 - Head.Length - 2) + "\"}";
        Assert.Equal(64 * 1024, fits.Length);
        Assert.Equal(Code.Ok, Wire.Mutation<SetExprPolicy>(Set(fits)).Verdict);
        Assert.Equal(Code.ExprPolicyInvalid, Wire.Mutation<SetExprPolicy>(Set(fits.Replace("\"pad\"", "\"pads\""))).Verdict);
    }

    [Fact]
    public void Of_two_invalid_documents_the_rules_are_named()
    {
        var mutation = Wire.Mutation<CreateNetwork>(
            """{"type":"create_network","node_id":1,"name":"ops","rules":{},"expr_policy":{}}""");
        Assert.Equal(Code.RulesInvalid, mutation.Verdict);
    }

    private static string Set(string document) => $$"""{"type":"set_expr_policy","network_id":1,"expr_policy":{{document}}}""";

    private static string Create(string document) =>
        $$"""{"type":"create_network","node_id":1,"name":"ops","expr_policy":{{document}}}""";
}
