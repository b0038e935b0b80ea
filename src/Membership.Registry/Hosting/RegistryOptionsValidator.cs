using Microsoft.Extensions.Options;

namespace Membership.Registry.Hosting;

/// <summary>Has a host refuse to start with wrong options, all of which it names.</summary>
internal sealed class RegistryOptionsValidator : IValidateOptions<RegistryOptions>, IValidateOptions<WireSetup>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, RegistryOptions options) => ResultOf(RegistryOptionRules.FindProblems(options));

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, WireSetup options) => ResultOf(RegistryOptionRules.FindProblems(options.Wire));

    private static ValidateOptionsResult ResultOf(IEnumerable<string> problems) =>
        problems.ToArray() is { Length: > 0 } found ? ValidateOptionsResult.Fail(found) : ValidateOptionsResult.Success;
}
