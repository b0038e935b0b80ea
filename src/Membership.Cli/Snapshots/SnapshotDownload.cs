using System.Security.Cryptography;
using Membership.Client;
using Membership.Protocol.Answers;

namespace Membership.Cli.Snapshots;

/// <summary>Reads a replica's snapshot of its present state, piece by piece.</summary>
/// <param name="client">A client that knows this replica alone: snapshots are each replica's own.</param>
internal sealed class SnapshotDownload(MembershipClient client)
{
    // The most that one answer may hold.
    private const int PieceBytes = 1024 * 1024;

    /// <summary>Writes the file, and compares it with what the replica says of it.</summary>
    /// <param name="to">Where it goes; what was there before is cut off.</param>
    /// <param name="progress">Hears how much of 1 is there.</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>The SHA-256 of the file, 64 lower-case hex digits.</returns>
    /// <exception cref="MembershipRequestException">The replica refused, or went away.</exception>
    /// <exception cref="InvalidDataException">The bytes are not those that the replica meant to send.</exception>
    /// <exception cref="IOException">They cannot be written.</exception>
    public async Task<string> ReadAsync(Stream to, IProgress<double> progress, CancellationToken cancel)
    {
        to.SetLength(0);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = await AskAsync(index: null, offset: 0, cancel);
        var first = piece;
        while (true)
        {
            if (piece.Index != first.Index || piece.Offset != to.Length) throw new InvalidDataException("the replica answered another piece of a snapshot than was asked for");
            hash.AppendData(piece.Data.Span);
            await to.WriteAsync(piece.Data, cancel);
            progress.Report((double)to.Length / Math.Max(1, first.Size));
            if (!piece.HasMore) break;
            if (piece.Data.IsEmpty) throw new InvalidDataException($"the replica has no bytes after {to.Length} of {first.Size}");
            piece = await AskAsync((ulong)first.Index, (ulong)to.Length, cancel);
        }

        var sum = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (to.Length != first.Size) throw new InvalidDataException($"{to.Length} of {first.Size} bytes came");
        return sum == first.Sha256 ? sum : throw new InvalidDataException("the SHA-256 of what came is another than the replica says");
    }

    private async Task<SnapshotPieceAnswer> AskAsync(ulong? index, ulong offset, CancellationToken cancel) =>
        (await client.ReadSnapshotAsync(index, offset, PieceBytes, cancel)).Require();
}
