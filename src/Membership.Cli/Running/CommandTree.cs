using System.CommandLine;

namespace Membership.Cli.Running;

/// <summary>The root command with every verb of this assembly at its place.</summary>
internal static class CommandTree
{
    private static readonly Dictionary<string, string> NounDescriptions = new(StringComparer.Ordinal)
    {
        ["cluster"] = "Which replicas make up the cluster, and which leads.",
        ["invite"] = "Invites to networks.",
        ["log"] = "The log in a data folder (offline).",
        ["member"] = "Who is in a network, and as what.",
        ["network"] = "Networks.",
        ["node"] = "Nodes and their keys.",
        ["snapshot"] = "Backups.",
    };

    /// <summary>All verbs, by path.</summary>
    public static IReadOnlyList<Verb> FindVerbs() =>
    [
        .. typeof(Verb).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Verb)) && !type.IsAbstract)
            .Select(type => (Verb)Activator.CreateInstance(type)!)
            .OrderBy(verb => verb.Path, StringComparer.Ordinal),
    ];

    /// <summary>Puts them together; a run of one ends in <paramref name="runAsync"/>.</summary>
    public static RootCommand Build(IEnumerable<Verb> verbs, Func<Verb, ParseResult, CancellationToken, Task<int>> runAsync)
    {
        var root = new RootCommand("Asks and changes a running registry, and works on its files when it is down.");
        root.Options.Add(CommonOptions.Output);
        HelpWithExitCodes.AddTo(root);

        // By path, so a verb that is a noun too ("audit" beside "audit verify") is there before the verbs below it.
        foreach (var verb in verbs)
        {
            foreach (var option in verb.SharedOptions) verb.Command.Options.Add(option);
            verb.Command.SetAction((parsed, cancel) => runAsync(verb, parsed, cancel));
            ParentOf(verb.Path, root).Subcommands.Add(verb.Command);
        }

        return root;
    }

    private static Command ParentOf(string path, RootCommand root)
    {
        Command parent = root;
        foreach (var noun in path.Split(' ')[..^1])
        {
            var next = parent.Subcommands.FirstOrDefault(command => command.Name == noun);
            if (next is null) parent.Subcommands.Add(next = new(noun, NounDescriptions[noun]));
            parent = next;
        }

        return parent;
    }
}
