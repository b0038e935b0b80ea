namespace Membership.Protocol.Requests;

/// <summary>What is wrong with a request before anybody looks at credentials or state.</summary>
/// <param name="Code">
/// <see cref="Code.InvalidJson"/>, <see cref="Code.UnknownCommand"/>, <see cref="Code.InvalidArgument"/> or
/// <see cref="Code.Backbone"/>.
/// </param>
/// <param name="Field">The field by its name on the wire; null unless the code is <see cref="Code.InvalidArgument"/>.</param>
public readonly record struct RequestFault(Code Code, string? Field = null)
{
    /// <summary>Whether the connection is closed after the error: what follows bytes that are no JSON object is not trusted.</summary>
    public bool EndsConnection => Code == Code.InvalidJson;

    internal static RequestFault Argument(string field) => new(Code.InvalidArgument, field);
}
