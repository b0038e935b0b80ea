namespace Membership.Cli.Output;

/// <summary>How results are written.</summary>
internal enum OutputForm
{
    /// <summary>For people; plain text where the output is no terminal.</summary>
    Table,

    /// <summary>For programs.</summary>
    Json,
}
