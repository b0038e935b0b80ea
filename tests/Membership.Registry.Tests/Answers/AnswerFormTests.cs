using System.Text;
using Membership.Protocol.Answers;
using Membership.Protocol.Frames;

namespace Membership.Registry.Tests.Answers;

public sealed class AnswerFormTests
{
    [Fact]
    public void Every_code_goes_out_by_name_and_comes_back()
    {
        using var writer = new AnswerWriter();
        foreach (var code in Enum.GetValues<Code>())
        {
            if (code is Code.Ok or Code.ActorNotAMember) continue;
            writer.WriteError(new(code));
            Assert.True(Answer.TryParse(writer.Json, out var answer));
            Assert.Equal((true, code, code.ToName(), code.ToText(), "error"), (answer.IsError, answer.Code, answer.CodeName, answer.Error, answer.Type));
        }
    }

    [Fact]
    public void An_error_says_what_its_code_asks_for()
    {
        using var writer = new AnswerWriter();
        writer.WriteError(ErrorAnswer.From(Wire.Refuse("""{"type":"get_node"}""")));
        Assert.True(Answer.TryParse(writer.Json, out var argument));
        Assert.Equal((Code.InvalidArgument, "node_id"), (argument.Code, argument.Field));
        writer.WriteError(new(Code.NotLeader) { Leader = "b" });
        Assert.True(Answer.TryParse(writer.Json, out var notLeader));
        Assert.Equal((Code.NotLeader, "b", null), (notLeader.Code, notLeader.Leader, notLeader.RequestId));
        writer.WriteError(new(Code.OutcomeUnknown) { RequestId = new(10, 11) });
        Assert.True(Answer.TryParse(writer.Json, out var unknown));
        Assert.Equal((Code.OutcomeUnknown, new RequestId(10, 11)), (unknown.Code, unknown.RequestId));
        writer.WriteError(new(Code.AuditTruncated) { OldestRevision = 9 });
        Assert.True(Answer.TryParse(writer.Json, out var truncated));
        Assert.Equal((Code.AuditTruncated, 9UL), (truncated.Code, truncated.Number("oldest")));
    }

    [Fact]
    public void A_success_is_read()
    {
        Assert.True(Answer.TryParse("""{"type":"join_network_ok","revision":18446744073709551615,"role":"member","existing":true,"n":-1}"""u8.ToArray(), out var answer));
        Assert.Equal((false, Code.Ok, "join_network_ok", ulong.MaxValue), (answer.IsError, answer.Code, answer.Type, answer.Revision));
        Assert.Equal(("member", true, null, null), (answer.Text("role"), answer.Flag("existing"), answer.Number("n"), answer.Text("more")));
    }

    [Theory]
    [InlineData("{\"type\":\"error\",\"error\":\"x\",\"code\":\"newer_code\"}", null)]
    [InlineData("{\"type\":\"error\",\"error\":\"x\"}", null)]
    [InlineData("{\"type\":\"x_ok\",\"error\":5,\"code\":5}", null)]
    [InlineData("{\"type\":\"error\",\"error\":\"x\",\"code\":\"not_a_member\"}", Code.NotAMember)]
    public void An_answer_with_a_key_error_is_an_error_whatever_else_it_says(string json, Code? expected)
    {
        Assert.True(Answer.TryParse(Encoding.UTF8.GetBytes(json), out var answer));
        Assert.Equal((true, expected), (answer.IsError, answer.Code));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"type\":5}")]
    [InlineData("{\"type\":\"a\",\"type\":\"a\"}")]
    [InlineData("{\"type\":\"\\ud800\"}")]
    public void What_is_no_answer_is_refused(string json) => Assert.False(Answer.TryParse(Encoding.UTF8.GetBytes(json), out _));

    [Fact]
    public void A_list_that_fits_no_frame_is_an_error_and_pages_of_it_are_answers()
    {
        using var world = new World(bytesMax: 1024).WithNodes(20);
        string List(int? limit) => world.Ask("{\"type\":\"list_nodes\",\"network_id\":0}", (w, request, viewer) =>
            w.WriteMembers(request, viewer.Revision, default, viewer.ListNodes(default, limit).Answer!));
        Assert.Equal("{\"type\":\"error\",\"error\":\"answer too long: use limit and after\",\"code\":\"answer_too_large\"}", List(null));
        Assert.Contains("\"next\":5", List(5), StringComparison.Ordinal);
        Assert.Contains("answer_too_large", List(20), StringComparison.Ordinal);
        Assert.Contains("\"next\":5", List(5), StringComparison.Ordinal);
    }

    [Fact]
    public void One_writer_writes_large_and_small_answers()
    {
        using var writer = new AnswerWriter();
        var request = Wire.Read("{\"type\":\"snapshot_read\",\"offset\":0,\"length\":1048576}");
        for (var i = 0; i < 3; i++)
        {
            writer.WriteSnapshotPiece(request, 1, new(2, 3, new string('a', 64), 4, new byte[1024 * 1024], HasMore: true));
            Assert.InRange(writer.Frame.Length, 1024 * 1024 * 4 / 3, Frame.BytesMax);
            Assert.True(Answer.TryParse(writer.Json, out var piece));
            Assert.Equal(new byte[1024 * 1024], Convert.FromBase64String(piece.Text("data")!));
            writer.WriteDone(request, 1);
            Assert.Equal("{\"type\":\"snapshot_read_ok\",\"revision\":1}", Encoding.UTF8.GetString(writer.Json.Span));
        }
    }

    [Fact]
    public void A_query_has_no_outcome()
    {
        using var writer = new AnswerWriter();
        Assert.Throws<ArgumentException>(() => writer.WriteOutcome(
            Wire.Read("{\"type\":\"status\"}"), new(Code.Ok, 1), State.MembershipState.Founded("alpha"), Actor.Admin()));
    }
}
