namespace Membership.Cli.Output;

/// <summary>A list of things with the same names.</summary>
/// <param name="Name">What the list is called in JSON.</param>
/// <param name="Columns">The names that the table shows, in this order; JSON shows all.</param>
/// <param name="Rows">The things.</param>
internal sealed record Listing(string Name, IReadOnlyList<string> Columns, IReadOnlyList<Fields> Rows)
{
    /// <summary>What JSON says before the list.</summary>
    public Fields About { get; init; } = [];

    public Fields ToFields() => new Fields().With(About).With(new() { { Name, Rows } });
}
