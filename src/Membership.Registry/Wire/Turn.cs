namespace Membership.Registry.Wire;

/// <summary>How a request stands to the others of its connection.</summary>
internal enum Turn
{
    /// <summary>After all before it are answered, and before anything behind it begins: what cannot be read, or what others depend on.</summary>
    Alone = 0,

    /// <summary>Beside other queries.</summary>
    Beside = 1,

    /// <summary>Alone, and it is given up when the connection is to end: it merely waits for events.</summary>
    Waiting = 2,

    /// <summary>Behind other mutations, proposed in their order without waiting for what becomes of them.</summary>
    InOrder = 3,
}
