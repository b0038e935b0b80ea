using Membership.Replication;
using Membership.Replication.Offline;

namespace Membership.Cluster.Tests.Offline;

/// <summary>Takes backups as a client does, a piece at a time.</summary>
internal static class Backups
{
    private const int PieceBytes = 10_000;

    public static async Task<Backup> SaveAsync(MembershipReplica replica, string file)
    {
        using (var stream = File.Create(file))
        {
            var piece = await replica.ReadSnapshotAsync(null, 0, PieceBytes) ?? throw new InvalidOperationException("no snapshot");
            var index = piece.Index;
            while (piece.Data.Length > 0)
            {
                stream.Write(piece.Data.Span);
                piece = await replica.ReadSnapshotAsync(index, stream.Length, PieceBytes) ?? throw new InvalidOperationException("it is gone");
            }
        }

        return Backup.Read(file);
    }
}
