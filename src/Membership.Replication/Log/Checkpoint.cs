using System.Buffers.Binary;

namespace Membership.Replication.Log;

/// <summary>What the package's <c>checkpoint</c> file says of a log: how far it reaches and how far it is committed.</summary>
/// <param name="CommitIndex">The last index known to be committed when the file was written; the truth may be further on.</param>
/// <param name="LastIndex">The last index whose record and data were on the disk before the file was written.</param>
internal readonly record struct Checkpoint(long CommitIndex, long LastIndex)
{
    private const int Bytes = 20;
    private const uint Version = 1;

    /// <summary>Reads the file.</summary>
    /// <exception cref="LogOpenException">The file is missing, or is not what the package writes.</exception>
    public static Checkpoint Read(string location)
    {
        var file = PathIn(location);
        if (!File.Exists(file))
            throw new LogOpenException(file, "it is missing");
        var content = File.ReadAllBytes(file);
        if (content.Length != Bytes || BinaryPrimitives.ReadUInt32LittleEndian(content) != Version)
            throw new LogOpenException(file, $"it is not a checkpoint of version {Version}");

        var checkpoint = new Checkpoint(
            BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(4)),
            BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(12)));
        return checkpoint.CommitIndex >= 0 && checkpoint.CommitIndex <= checkpoint.LastIndex
            ? checkpoint
            : throw new LogOpenException(file, $"it commits up to {checkpoint.CommitIndex} of {checkpoint.LastIndex} entries");
    }

    /// <summary>Writes the file, on the disk when this returns.</summary>
    public void Write(string location)
    {
        Span<byte> content = stackalloc byte[Bytes];
        BinaryPrimitives.WriteUInt32LittleEndian(content, Version);
        BinaryPrimitives.WriteInt64LittleEndian(content[4..], CommitIndex);
        BinaryPrimitives.WriteInt64LittleEndian(content[12..], LastIndex);
        LogFolder.WriteFile(PathIn(location), content);
    }

    private static string PathIn(string location) => Path.Combine(location, "checkpoint");
}
