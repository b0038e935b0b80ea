namespace Membership.Client;

/// <summary>A command before it is signed: its word, and what writes its own fields, as often as it is sealed.</summary>
internal sealed record WireCommand(string Type, Action<RequestWriter> Write);
