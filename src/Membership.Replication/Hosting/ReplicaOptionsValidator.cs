using Microsoft.Extensions.Options;

namespace Membership.Replication.Hosting;

/// <summary>Has a host refuse to start with wrong options, all of which it names.</summary>
internal sealed class ReplicaOptionsValidator : IValidateOptions<MembershipReplicaOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, MembershipReplicaOptions options) =>
        ReplicaOptionRules.FindProblems(options).ToArray() is { Length: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
}
