using Membership.Protocol.Requests;

namespace Membership.Registry.Tests.Requests;

public sealed class CommandFieldTests
{
    public static TheoryData<string> Commands => [.. CommandTable.Commands.Keys];

    [Fact]
    public void The_table_has_every_command() =>
        Assert.Equal(RequestParser.Types.Order(StringComparer.Ordinal), CommandTable.Commands.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_request_with_every_field_is_read(string command)
    {
        var request = Wire.Read(CommandTable.Request(command));
        Assert.Equal(command, request.Type);
        Assert.Equal(new RequestId(10, 11), request.RequestId);
        Assert.Equal(10UL, request.Settled);
        Assert.Equal("text", request.AdminToken);
        Assert.Equal("text", request.LegacySignature);
        Assert.Null(request.Claims);
        if (request.Command is MutationCommand { Mutation: var mutation })
            Assert.Equal(command, mutation.Kind.ToText());
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Each_field_wrong_is_named(string command)
    {
        foreach (var field in CommandTable.Commands[command].Concat(CommandTable.Shared))
        {
            foreach (var literal in field.WrongLiterals)
            {
                var request = CommandTable.Request(command, (field.Name, literal));
                Assert.Equal((request, Wrong(field)), (request, Wire.Refuse(request)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_field_that_is_missing_or_null_is_absent(string command)
    {
        foreach (var field in CommandTable.Commands[command])
        {
            foreach (var literal in new[] { null, "null" })
            {
                var request = CommandTable.Request(command, (field.Name, literal));
                if (field.IsOptional || (field.Kind == "clearable" && literal == "null") || command == "set_network_policy" && field.Name == "max_members")
                    Wire.Read(request);
                else
                    Assert.Equal((request, Wrong(field)), (request, Wire.Refuse(request)));
            }
        }

        Wire.Read(CommandTable.Request(command, ("request_id", null), ("settled", null), ("admin_token", null), ("signature", "null")));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Of_two_wrong_fields_the_first_is_named(string command)
    {
        var fields = CommandTable.Commands[command];
        for (var i = 1; i < fields.Count; i++)
        {
            var (first, second) = (fields[i - 1], fields[i]);
            if (first.Kind == "consistency" || second.Name is "limit" or "after") continue;
            var request = CommandTable.Request(command, (first.Name, first.WrongLiterals.First()), (second.Name, second.WrongLiterals.First()));
            Assert.Equal((request, Wrong(first)), (request, Wire.Refuse(request)));
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Unknown_fields_are_ignored_and_keys_match_exactly(string command)
    {
        Wire.Read(CommandTable.Request(command, ("more", "[{\"deep\":1}]"), ("Node_Id", "true"), ("NETWORK_ID", "-1")));
        foreach (var field in CommandTable.Commands[command].Where(field => !field.IsOptional && field.Name != "max_members"))
        {
            var request = CommandTable.Request(command, (field.Name, null), (field.Name.ToUpperInvariant(), field.ValidLiteral));
            Assert.Equal((request, Wrong(field)), (request, Wire.Refuse(request)));
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void The_backbone_is_for_queries_and_comes_after_the_fields(string command)
    {
        var fields = CommandTable.Commands[command];
        if (!fields.Any(field => field.Name == "network_id")) return;
        var request = CommandTable.Request(command, ("network_id", "0"));
        if (!fields.Any(field => field.Kind == "network"))
        {
            Wire.Read(request);
            return;
        }

        Assert.Equal(new(Code.Backbone), Wire.Refuse(request));
        foreach (var field in fields.Concat(CommandTable.Shared).Where(field => field.Name != "network_id"))
        {
            var both = CommandTable.Request(command, ("network_id", "0"), (field.Name, field.WrongLiterals.First()));
            Assert.Equal((both, Wrong(field)), (both, Wire.Refuse(both)));
        }
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"type":null}""")]
    [InlineData("""{"type":5}""")]
    [InlineData("""{"type":""}""")]
    [InlineData("""{"type":"join"}""")]
    [InlineData("""{"type":"Join_Network","node_id":1,"network_id":0}""")]
    [InlineData("""{"type":"register","public_key":"x"}""")]
    [InlineData("""{"type":"deregister","node_id":1}""")]
    [InlineData("""{"Type":"status"}""")]
    public void An_unknown_command_comes_before_its_fields(string json) => Assert.Equal(new(Code.UnknownCommand), Wire.Refuse(json));

    [Fact]
    public void Every_fault_has_the_text_of_its_code_and_nothing_of_the_request()
    {
        var fault = Wire.Refuse("""{"type":"get_node","node_id":"s3cret"}""");
        var text = Membership.Protocol.Answers.ErrorAnswer.From(fault).Text;
        Assert.Contains("invalid", text, StringComparison.Ordinal);
        Assert.Contains("required", text, StringComparison.Ordinal);
        Assert.Contains("node_id", text, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", text, StringComparison.Ordinal);
    }

    private static RequestFault Wrong(CommandField field) => new(Code.InvalidArgument, field.Name);
}
