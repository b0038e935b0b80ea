namespace Membership.Client;

/// <summary>Where a page of a list ended, as the replica said it. Opaque; holds for the list that it came from, on any replica.</summary>
public readonly record struct PageCursor
{
    internal PageCursor(string json) => Json = json;

    internal string? Json { get; }

    /// <summary>What goes on the wire.</summary>
    public override string ToString() => Json ?? "";
}
