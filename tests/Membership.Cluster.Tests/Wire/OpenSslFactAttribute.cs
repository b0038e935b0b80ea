using Xunit;

namespace Membership.Cluster.Tests.Wire;

/// <summary>A test that needs the program <c>openssl</c>, and is skipped where there is none.</summary>
internal sealed class OpenSslFactAttribute : FactAttribute
{
    public OpenSslFactAttribute()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, "openssl")))) Skip = "There is no program openssl on the PATH.";
    }
}
