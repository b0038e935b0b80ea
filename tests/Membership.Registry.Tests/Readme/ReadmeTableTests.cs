using Membership.Tests;

namespace Membership.Registry.Tests.Readme;

/// <summary>The tables of the packages' READMEs are what the code says. With <c>MEMBERSHIP_REWRITE=1</c> they are written.</summary>
public sealed class ReadmeTableTests
{
    public static IEnumerable<object[]> Tables => CodeTables.All().Select(table => new object[] { table.Package, table.Name });

    [Theory]
    [MemberData(nameof(Tables))]
    public void A_table_is_what_the_code_says(string package, string name)
    {
        var table = CodeTables.All().Single(table => table.Package == package && table.Name == name);
        Assert.NotEmpty(table.Rows);
        var file = Path.Combine(SourceTree.Root, "src", package, "README.md");
        var readme = File.ReadAllText(file);
        var (begin, end) = (readme.IndexOf(table.Begin, StringComparison.Ordinal), readme.IndexOf(table.End, StringComparison.Ordinal));
        Assert.True(begin >= 0 && end > begin, $"{file} has no place for it: put these marks there.\n{table.Begin}\n{table.End}");
        var present = readme[begin..(end + table.End.Length)];
        if (present == $"{table}") return;
        if (SourceTree.IsRewriting) File.WriteAllText(file, readme.Replace(present, $"{table}", StringComparison.Ordinal));
        else Assert.Fail($"{file} has another table than the code. Set {SourceTree.RewriteVariable}=1 to have this written:\n{table}");
    }

    [Fact]
    public void Ids_of_log_events_are_used_once()
    {
        var ids = CodeTables.All().Where(table => table.Name == "log events").SelectMany(table => table.Rows).Select(row => row[0]).ToArray();
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.DoesNotContain("0", ids);
    }
}
