using System.Collections.Immutable;
using Xunit;

namespace Membership.Tests.Scenarios;

/// <summary>What the language says to an author who wrote something wrong.</summary>
public sealed class ScenarioLanguageTests
{
    [Theory]
    [InlineData("node alice", "story.txt:2: the commands above need a line '----' and the expected output after it")]
    [InlineData("node alice\n----\nalice is #1\n----\nok", "story.txt:1: two lines '----' in one block: part blocks by a blank line")]
    public void A_block_that_is_none_is_told_with_its_line(string text, string problem) =>
        Assert.Equal(problem, Assert.Throws<ScenarioException>(() => ScenarioFile.Parse("story.txt", text)).Message);

    [Theory]
    [InlineData("nodes alice", "nobody knows 'nodes'; a line is 'as WHO: COMMAND …' or begins with reset, node,")]
    [InlineData("as alice: leave_network alice ops", "no node is called 'alice'; 'node alice' registers one, '#7' is node 7")]
    [InlineData("as admin: delete_network ops", "no network is called 'ops'; create_network makes one, '#7' is network 7")]
    [InlineData("as admin: drop_network ops", "there is no command 'drop_network'; there are register_node,")]
    [InlineData("as admin: deregister_node #1 please", "nobody knows what to do with 'please'")]
    [InlineData("as admin: deregister_node", "the node is missing")]
    [InlineData("as admin delete_network", "'as admin delete_network' is no request")]
    [InlineData("as admin: create_network ops", "creator=… is missing")]
    [InlineData("as admin id=5: deregister_node #1", "id=5: an id looks like laptop:5")]
    [InlineData("as admin: set_task_exec #1 maybe", "'maybe' is neither 'on' nor 'off'")]
    [InlineData("as admin: rename_network #1 \"open end", "the quote \" at column 19 does not end")]
    [InlineData("as admin: rename_network #1 \"", "the quote \" at column 19 does not end")]
    [InlineData("as admin: rename_network #1 'open end", "the quote ' at column 19 does not end")]
    [InlineData("as admin: rename_network #1 a*", "after * stands a number")]
    [InlineData("advance soon", "'soon' is no duration")]
    [InlineData("reset NodesMax=3", "nobody knows what to do with 'NodesMax=3'")]
    public void A_line_that_means_nothing_says_what_would(string line, string problem)
    {
        var e = Assert.Throws<ScenarioException>(() => new ScenarioRunner("story.txt").Run(new(7, [line], [])));
        Assert.StartsWith($"story.txt:7: {problem}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rewriting_keeps_comments_and_commands()
    {
        const string Text = "# why\nnode alice\n----\nwrong\n\n\nnode bob\n----\nwrong too\n";
        var file = ScenarioFile.Parse("story.txt", Text);
        var runner = new ScenarioRunner("story.txt");
        Assert.Equal(
            "# why\nnode alice\n----\nalice is #1\n\n\nnode bob\n----\nbob is #2\n",
            file.Rewrite(block => runner.Run(block)));
    }

    [Fact]
    public void Words_are_cut_at_spaces_and_quotes_keep_them()
    {
        ImmutableArray<Word> expected =
        [
            new(null, "a b"), new("x", "1=2"), new("y", "''\n\u00e9"), new(null, "{\"v\": 1}"), new("z", "ababab"), new(null, ""),
        ];
        Assert.Equal(expected.AsEnumerable(), CommandWords.Split("""
            "a b" x=1=2  y="''\n\u00e9" '{"v": 1}' z=ab*3 ""
            """));
    }
}
