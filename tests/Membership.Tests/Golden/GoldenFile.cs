using Xunit;

namespace Membership.Tests.Golden;

/// <summary>
/// The golden files: bytes as hex digits, one line each. A file is written once, by <c>MEMBERSHIP_REWRITE=1</c> when it is missing, and
/// never changed after: it stands for what released versions have written.
/// </summary>
internal static class GoldenFile
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Golden", "data");

    /// <summary>The names of all files that begin so.</summary>
    public static IEnumerable<string> Names(string prefix) =>
        Directory.GetFiles(Folder, prefix + "*.hex").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    public static byte[] Read(string name) => Assert.Single(ReadLines(name));

    public static byte[][] ReadLines(string name) =>
        [.. File.ReadAllLines(Path.Combine(Folder, name + ".hex")).Select(Convert.FromHexString)];

    /// <summary>Demands that a file holds these lines; writes it if there is none and the author asked for it.</summary>
    public static void Demand(string name, params byte[][] lines)
    {
        var isMissing = !File.Exists(Path.Combine(Folder, name + ".hex"));
        if (isMissing && SourceTree.IsRewriting)
        {
            File.WriteAllLines(
                Path.Combine(SourceTree.TestProject, "Golden", "data", name + ".hex"),
                lines.Select(line => Convert.ToHexStringLower(line)));
            return;
        }

        Assert.False(isMissing, $"no golden file {name}.hex: run the test with {SourceTree.RewriteVariable}=1 once and commit the file");
        Assert.Equal(lines.Select(Convert.ToHexStringLower), ReadLines(name).Select(Convert.ToHexStringLower));
    }
}
