namespace Membership.Tests.Scenarios;

/// <summary>A scenario that cannot be read or breaks a rule of the runner. Says where and what to write instead.</summary>
internal sealed class ScenarioException(string problem) : Exception(problem)
{
    public ScenarioException(string file, int line, string problem)
        : this($"{file}:{line}: {problem}")
    {
    }
}
