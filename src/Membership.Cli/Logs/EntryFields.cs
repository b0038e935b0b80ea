using System.Text.Json;
using Membership.Cli.Output;
using Membership.Replication.Offline;

namespace Membership.Cli.Logs;

/// <summary>Entries of a log as results.</summary>
internal static class EntryFields
{
    public static Fields Of(StoredEntry entry, bool isKnownCommitted) => new()
    {
        { "index", entry.Index },
        { "term", entry.Term },
        { "kind", JsonNamingPolicy.SnakeCaseLower.ConvertName(entry.Kind.ToString()) },
        { "committed", isKnownCommitted },
        { "size", entry.Payload.Length },
        { "time", entry.Content?.Time is { } time ? Moment.OfMilliseconds(DateTimeOffset.FromUnixTimeMilliseconds(time)) : null },
        { "mutations", (IReadOnlyList<Fields>)[.. (entry.Content?.Mutations ?? []).Select(Of)] },
        { "checkpoint", entry.Content?.Checkpoint is { } checkpoint ? new Fields { { "index", checkpoint.Index }, { "digest", checkpoint.Digest } } : null },
        { "version", entry.Content?.StateVersion },
    };

    private static Fields Of(EntryMutation mutation) => mutation.Proposal is { } proposal
        ? new()
        {
            { "kind", proposal.Mutation.Kind.ToText() },
            { "request_id", proposal.RequestId },
            { "settled", proposal.Settled },
            { "issued_at", proposal.IssuedAt },
            { "fingerprint", proposal.Fingerprint },
            { "actor", proposal.Actor },
            { "fields", RecordFields.Of(proposal.Mutation) },
        }
        : new() { { "kind", "unreadable" }, { "size", mutation.Encoded.Length } };
}
