using System.CommandLine;
using Membership.Cli.Output;

namespace Membership.Cli.Running;

/// <summary>Options that mean the same wherever they stand.</summary>
internal static class CommonOptions
{
    /// <summary>Of every verb.</summary>
    public static Option<OutputForm> Output { get; } = new("--output", "-o")
    {
        Description = "table (default), or json: one document, a line for each item of a stream",
        HelpName = "table|json",
        Recursive = true,
        CustomParser = Parsing.Of<OutputForm>(ParseForm, "table or json"),
    };

    /// <summary>Of every verb that destroys something; see <see cref="Call.Confirm"/>.</summary>
    public static Option<bool> Yes { get; } = new("--yes") { Description = "go on without asking" };

    private static OutputForm? ParseForm(string word) => word switch
    {
        "table" => OutputForm.Table,
        "json" => OutputForm.Json,
        _ => null,
    };
}
