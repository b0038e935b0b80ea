using Membership.Audit;

namespace Membership.Cli.Audit;

/// <summary>Follows the chain of an export, a line at a time.</summary>
/// <remarks>Each record holds the hash of the one before, and its own hash is one over all of it.</remarks>
internal sealed class AuditCheck
{
    /// <summary>Records so far.</summary>
    public long Count { get; private set; }

    /// <summary>The first record; null before it.</summary>
    public AuditEntry? First { get; private set; }

    /// <summary>The last record; null before the first.</summary>
    public AuditEntry? Last { get; private set; }

    /// <summary>Takes the next line.</summary>
    /// <returns>What is wrong with it; null when it belongs where it is.</returns>
    public string? Take(string line)
    {
        if (!AuditLine.TryRead(line, out var record)) return "it is no audit record";
        if (!record.Hash.Span.SequenceEqual(record.ComputeHash())) return $"record {record.Number} was changed: its hash is not that of what it says";
        if (FaultOfPlace(record) is { } fault) return fault;
        First ??= record;
        Last = record;
        Count++;
        return null;
    }

    private string? FaultOfPlace(AuditEntry record)
    {
        if (record.Number == 1 != record.PreviousHash.IsEmpty) return $"record {record.Number} is not one that the chain can begin with";
        if (Last is not { } last) return null;
        if (record.Number > last.Number + 1) return $"record {record.Number} follows record {last.Number}: what was between is missing";
        if (record.Number <= last.Number) return $"record {record.Number} follows record {last.Number}: it was added or moved";
        return record.PreviousHash.Span.SequenceEqual(last.Hash.Span) ? null : $"record {record.Number} does not follow from record {last.Number}: one of them was exchanged";
    }
}
