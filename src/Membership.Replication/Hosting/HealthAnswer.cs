using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Membership.Replication.Hosting;

/// <summary>One thing that a health check looks at.</summary>
/// <param name="Name">Its stable name.</param>
/// <param name="Problem">What is wrong and what to do; null when nothing is.</param>
/// <param name="IsServed">Whether clients are served all the same, so that it only degrades the replica.</param>
internal readonly record struct HealthAnswer(string Name, string? Problem, bool IsServed = false)
{
    /// <summary>All answers as one result: the figures and each answer are its data, what is wrong its description.</summary>
    public static HealthCheckResult ToResult(
        IReadOnlyList<HealthAnswer> answers, HealthCheckContext context, IReadOnlyDictionary<string, object> figures, Exception? exception = null)
    {
        var data = new Dictionary<string, object>(figures);
        foreach (var answer in answers) data[answer.Name] = answer.Problem ?? "ok";
        var failed = answers.Where(answer => answer.Problem is not null).ToArray();
        if (failed.Length == 0) return HealthCheckResult.Healthy(data: data);
        var status = failed.All(answer => answer.IsServed) ? HealthStatus.Degraded : context.Registration.FailureStatus;
        return new(status, string.Join(' ', failed.Select(answer => $"{answer.Name}: {answer.Problem}")), exception, data);
    }
}
