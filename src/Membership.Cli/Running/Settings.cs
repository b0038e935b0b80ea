namespace Membership.Cli.Running;

/// <summary>The environment.</summary>
internal static class Settings
{
    /// <summary>A variable that is not empty; else null.</summary>
    public static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
