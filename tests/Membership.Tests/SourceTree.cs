namespace Membership.Tests;

/// <summary>Where the sources are, for tests that look at them and for authors who let tests write files.</summary>
internal static class SourceTree
{
    /// <summary>Set to 1, tests write what an author would have to type.</summary>
    public const string RewriteVariable = "MEMBERSHIP_REWRITE";

    public static bool IsRewriting => Environment.GetEnvironmentVariable(RewriteVariable) == "1";

    /// <summary>The folder of the solution; the tests run from a folder below it.</summary>
    public static string Root { get; } = FindRoot();

    public static string TestProject => Path.Combine(Root, "tests", "Membership.Tests");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Membership.sln"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("Membership.sln is not above the tests' assembly.");
    }
}
