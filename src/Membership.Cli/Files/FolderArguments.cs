using System.CommandLine;
using Membership.Cli.Running;

namespace Membership.Cli.Files;

/// <summary>Arguments of verbs that work on files.</summary>
internal static class FolderArguments
{
    private const string RevisionRange = "a revision, 0 and more";

    public static Argument<string> Folder() => new("FOLDER") { Description = "the data folder of a replica that does not run, or a copy of one" };

    public static Argument<string> Backup() => new("FILE") { Description = "the backup" };

    public static Argument<ulong> Revision(string name, string description) =>
        new(name) { Description = description, CustomParser = Parsing.Of(Parsing.Number<ulong>, RevisionRange) };

    public static Option<ulong?> RevisionOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "REVISION",
        CustomParser = Parsing.Of<ulong?>(word => Parsing.Number<ulong>(word), RevisionRange),
    };

    public static Option<long?> IndexOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "INDEX",
        CustomParser = Parsing.Of<long?>(word => Parsing.Number<long>(word), "a log index, 0 and more"),
    };
}
