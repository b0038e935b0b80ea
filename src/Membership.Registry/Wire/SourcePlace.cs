namespace Membership.Registry.Wire;

/// <summary>The place of one connection among those of its source.</summary>
/// <remarks>Thread-safe. Disposed when the connection is over.</remarks>
internal sealed class SourcePlace : IDisposable
{
    private readonly SourceLimits _limits;
    private readonly SourceUse _use;

    internal SourcePlace(SourceLimits limits, SourceUse use) => (_limits, _use) = (limits, use);

    /// <summary>Takes room for a request; false when there is none. <see cref="End"/> follows when its answer is sent.</summary>
    public bool TryBegin() => _use.TryBegin(_limits.RequestsMax);

    /// <summary>Gives the room of a request back.</summary>
    public void End() => _use.End();

    /// <inheritdoc/>
    public void Dispose() => _limits.Leave(_use);
}
