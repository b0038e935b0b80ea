namespace Membership.Registry.Wire;

/// <summary>How a request stands to the others of its connection.</summary>
internal enum Turn
{
    /// <summary>After all before it are answered, and before anything behind it begins: a mutation, or what cannot be read.</summary>
    Alone = 0,

    /// <summary>Beside other queries.</summary>
    Beside = 1,

    /// <summary>Alone, and it is given up when the connection is to end: it merely waits for events.</summary>
    Waiting = 2,
}
