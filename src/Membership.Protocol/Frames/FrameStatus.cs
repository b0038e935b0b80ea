namespace Membership.Protocol.Frames;

/// <summary>What <see cref="Frame.Read"/> found.</summary>
public enum FrameStatus
{
    /// <summary>Less than a frame: read more.</summary>
    Incomplete = 0,

    /// <summary>A whole frame.</summary>
    Complete = 1,

    /// <summary>A length of 0 or over the limit.</summary>
    Invalid = 2,
}
