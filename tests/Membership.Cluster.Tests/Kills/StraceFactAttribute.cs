using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace Membership.Cluster.Tests.Kills;

/// <summary>A test that needs the program <c>strace</c> and the right to hold another process by it, and is skipped without them.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class StraceFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Hindrance = new(() => FindHindranceAsync().GetAwaiter().GetResult());

    public StraceFactAttribute()
    {
        if (Hindrance.Value is { } hindrance) Skip = $"Writes cannot be held by strace: {hindrance}";
    }

    // The program may be there and the right not, as in a container without ptrace.
    private static async Task<string?> FindHindranceAsync()
    {
        if (!OperatingSystem.IsLinux()) return "it is for Linux";
        using var someone = Process.Start("sleep", "60");
        try
        {
            await using var held = await HeldWrites.BeginAsync(someone.Id, TimeSpan.FromMilliseconds(1));
            return null;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or TimeoutException)
        {
            return e.Message;
        }
        finally
        {
            someone.Kill();
        }
    }
}
