namespace Membership.Replication.Log;

/// <summary>
/// The replica's log cannot be opened: a file of it is missing, damaged, of another format, or in use.
/// </summary>
/// <remarks>
/// Retrying helps only when the file is in use. Otherwise the folder holds less than the replica once acknowledged, and nothing was
/// changed in it: the replica has to come back as a new one (removed, then added), or the folder has to be restored by hand.
/// </remarks>
public sealed class LogOpenException : Exception
{
    /// <summary>Says which file keeps the log from being opened, and why.</summary>
    /// <param name="file">The full path of the file.</param>
    /// <param name="reason">What is wrong with it, as a clause without a full stop.</param>
    /// <param name="innerException">The failure below this one, if there was any.</param>
    public LogOpenException(string file, string reason, Exception? innerException = null)
        : base($"The log cannot be opened: '{file}': {reason}.", innerException) => File = file;

    /// <summary>The full path of the file that is at fault.</summary>
    public string File { get; }
}
