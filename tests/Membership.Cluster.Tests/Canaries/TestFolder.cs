using System.Diagnostics;

namespace Membership.Cluster.Tests.Canaries;

/// <summary>A folder for one test, removed at its end, and copies of it as a kill would leave it.</summary>
internal sealed class TestFolder : IDisposable
{
    private const int AttemptsMax = 5;
    private int images;

    public TestFolder() => Path = Directory.CreateTempSubdirectory("membership-").FullName;

    public string Path { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Copies a folder as it is now, locked files included.</summary>
    public string Image(string source)
    {
        // A file may get its name, or go, while they are copied: then once more.
        for (var attempt = 1; ; attempt++)
        {
            var target = this[$"image-{++images}"];
            using var copy = Process.Start("cp", ["-r", "--sparse=always", source, target]);
            if (copy.WaitForExit(TimeSpan.FromSeconds(20)) && copy.ExitCode == 0)
                return target;
            if (attempt == AttemptsMax)
                throw new IOException($"cp from {source} failed.");
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
