using System.CommandLine;
using System.Reflection;
using Membership.Cli.Running;
using Membership.EndToEnd.Running;
using Xunit;

namespace Membership.EndToEnd.Verbs;

/// <summary>Nothing that the tool offers is left out.</summary>
public sealed class EveryVerbTests
{
    [Fact]
    public void Every_verb_of_the_root_command_has_an_end_to_end_test()
    {
        var tested = typeof(EveryVerbTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetCustomAttributes<VerbAttribute>())
            .Select(attribute => attribute.Path)
            .Distinct()
            .Order(StringComparer.Ordinal);
        Assert.Equal(Offered().Order(StringComparer.Ordinal), tested);
    }

    [Fact]
    public void Whatever_destroys_something_asks_before()
    {
        string[] destroying =
        [
            "audit", "cluster remove", "member kick", "member leave", "member transfer-ownership", "network delete", "node deregister", "snapshot save",
        ];
        var asking = CommandTree.FindVerbs().Where(verb => verb.Command.Options.Contains(CommonOptions.Yes)).Select(verb => verb.Path);
        Assert.Superset(destroying.ToHashSet(), asking.ToHashSet());
    }

    private static IEnumerable<string> Offered() =>
        Walk(CommandTree.Build(CommandTree.FindVerbs(), (_, _, _) => Task.FromResult(0)), []).Where(path => path.Length > 0);

    // What has an action is a verb, whether others stand below it or not.
    private static IEnumerable<string> Walk(Command command, string[] path)
    {
        if (command.Action is not null) yield return string.Join(' ', path);
        foreach (var below in command.Subcommands.SelectMany(next => Walk(next, [.. path, next.Name]))) yield return below;
    }
}
