namespace Membership.Protocol.Requests;

/// <summary>The text that a legacy signature is over.</summary>
/// <param name="Signer">Whose key it must verify under; nobody for a registration, where it is the request's own key.</param>
/// <param name="Text">The text.</param>
public readonly record struct LegacyChallenge(NodeId Signer, string Text);
