namespace Membership.Client;

/// <summary>A token would have gone to another machine in plain text, and was not sent.</summary>
/// <remarks>May I retry? Only with <see cref="MembershipClientOptions.Tls"/>, or where plain text is allowed.</remarks>
public sealed class PlaintextTokenException : InvalidOperationException
{
    internal PlaintextTokenException(ReplicaEndPoint replica)
        : base($"A token would go to {replica} in plain text: use TLS.")
    {
    }
}
