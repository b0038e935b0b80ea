namespace Membership.Replication.Transport;

/// <summary>The other end of a connection is not who it should be, or would not have us. Retry after a pause.</summary>
internal sealed class LinkRefusedException(string message) : IOException(message);
