using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Membership.Replication.Hosting;

/// <summary>One thing that a health check looks at.</summary>
/// <param name="Name">Its stable name.</param>
/// <param name="Problem">What is wrong and what to do; null when nothing is.</param>
internal readonly record struct HealthAnswer(string Name, string? Problem)
{
    /// <summary>All answers as one result: the figures and each answer are its data, what is wrong its description.</summary>
    public static HealthCheckResult ToResult(
        IReadOnlyList<HealthAnswer> answers, HealthCheckContext context, IReadOnlyDictionary<string, object> figures, Exception? exception = null)
    {
        var data = new Dictionary<string, object>(figures);
        foreach (var answer in answers) data[answer.Name] = answer.Problem ?? "ok";
        var failed = answers.Where(answer => answer.Problem is not null).Select(answer => $"{answer.Name}: {answer.Problem}").ToArray();
        return failed.Length == 0
            ? HealthCheckResult.Healthy(data: data)
            : new(context.Registration.FailureStatus, string.Join(' ', failed), exception, data);
    }
}
