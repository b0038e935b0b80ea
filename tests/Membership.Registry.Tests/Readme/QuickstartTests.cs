using Membership.Tests;

namespace Membership.Registry.Tests.Readme;

/// <summary>The README's first program is the sample that is built from the packages and run after they are packed.</summary>
public sealed class QuickstartTests
{
    private const int LinesMax = 20;

    [Fact]
    public void The_first_program_has_at_most_twenty_lines() => Assert.InRange(Read("Program.cs").Split('\n').Length, 1, LinesMax);

    [Fact]
    public void The_readme_shows_the_program_and_what_it_prints()
    {
        var readme = File.ReadAllText(Path.Combine(SourceTree.Root, "README.md"));
        Assert.Contains($"```csharp\n{Read("Program.cs")}\n```", readme, StringComparison.Ordinal);
        Assert.Contains($"```\n{Read("Output.txt")}\n```", readme, StringComparison.Ordinal);
    }

    [Fact]
    public void The_sample_knows_the_library_as_a_package_alone()
    {
        var project = Read("Quickstart.csproj");
        Assert.Contains("<PackageReference Include=\"Membership.Replication\" Version=\"$(Version)\" />", project, StringComparison.Ordinal);
        Assert.DoesNotContain("ProjectReference", project, StringComparison.Ordinal);
        Assert.DoesNotContain("Quickstart", File.ReadAllText(Path.Combine(SourceTree.Root, "Membership.sln")), StringComparison.Ordinal);
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(SourceTree.Root, "samples", "Quickstart", file)).TrimEnd('\n');
}
