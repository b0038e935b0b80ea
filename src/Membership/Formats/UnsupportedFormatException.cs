namespace Membership;

/// <summary>
/// Something on disk or in the log was written by a newer version of the library. Do not retry: the replica stops before it applies
/// anything, and starts again with a library that knows the format.
/// </summary>
public sealed class UnsupportedFormatException : Exception
{
    /// <summary>Names what was read, its format and the newest one known.</summary>
    public UnsupportedFormatException(string what, ulong format, ulong newest)
        : base($"The {what} has format {format}; this version of the library knows up to {newest}. Nothing was applied.")
    {
        Format = format;
        Newest = newest;
    }

    /// <summary>The format that was found.</summary>
    public ulong Format { get; }

    /// <summary>The newest format that this library knows.</summary>
    public ulong Newest { get; }
}
