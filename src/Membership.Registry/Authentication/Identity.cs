namespace Membership.Registry.Authentication;

/// <summary>Who asks, or why a credential is refused.</summary>
/// <param name="Code"><see cref="Code.Ok"/>, or why it is refused.</param>
/// <param name="Actor">Who proved themselves; null for nobody.</param>
internal readonly record struct Identity(Code Code, Actor? Actor = null)
{
    /// <summary>Nobody in particular, where that will do.</summary>
    public static Identity Nobody => new(Code.Ok);

    /// <summary>Whether somebody proved themselves.</summary>
    public bool IsProven => Actor is not null;

    /// <summary>Whether a state that is not behind might have said otherwise.</summary>
    public bool DependsOnState { get; private init; }

    /// <summary>Whether a signature or token was looked at and is nobody's.</summary>
    public bool IsFailure => Code is Code.SignatureInvalid or Code.AdminTokenInvalid or Code.UnknownSigner;

    /// <summary>Whether the signature is by a key that the node has no more.</summary>
    public bool IsByFormerKey { get; init; }

    public static Identity Proven(Actor actor) => new(Code.Ok, actor);

    public static Identity Refused(Code code) => new(code);

    public static Identity RefusedByState(Code code) => new(code) { DependsOnState = true };
}
