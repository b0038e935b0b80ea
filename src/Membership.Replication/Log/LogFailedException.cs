namespace Membership.Replication.Log;

/// <summary>The log has failed for good: a write, or the applying of an entry. The replica has to stop; what was not acknowledged may be on the disk or not.</summary>
internal sealed class LogFailedException(string message, Exception cause) : IOException(message, cause);
