namespace Membership.Replication.Peers;

/// <summary>
/// A peer could not be reached, did not answer in time, or the connection broke. Retry as one likes: only questions throw it, and a
/// question changes nothing. Forwarded proposals tell by their <see cref="ForwardVerdict"/> instead.
/// </summary>
internal sealed class PeerUnavailableException(string message, Exception? inner = null) : IOException(message, inner);
