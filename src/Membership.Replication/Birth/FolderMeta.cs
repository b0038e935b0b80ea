using System.Text.Json;
using System.Text.Json.Serialization;

namespace Membership.Replication.Birth;

/// <summary>Whose folder this is. Written once, at birth, before anything else in the folder.</summary>
/// <param name="Format">The format of the folder: of this file, the log, the snapshots and the configuration.</param>
/// <param name="ClusterId">The cluster.</param>
/// <param name="ReplicaId">The replica within it.</param>
/// <param name="Incarnation">Drawn at random at birth: a wiped replica comes back as another one.</param>
/// <param name="SecretId">Which cluster secret the state within was made with; null for none.</param>
/// <param name="Founders">The first voters, as <c>host:port</c>, when the folder was made to found the cluster; else null.</param>
internal sealed record FolderMeta(
    int Format, string ClusterId, string ReplicaId, ulong Incarnation, string? SecretId, IReadOnlyList<string>? Founders)
{
    /// <summary>The format that this library writes, and the newest that it reads.</summary>
    public const int Newest = 1;

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="JsonException">The bytes are something else.</exception>
    public static FolderMeta Parse(ReadOnlySpan<byte> bytes) =>
        JsonSerializer.Deserialize(bytes, MetaJson.Default.FolderMeta) ?? throw new JsonException("null");

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, MetaJson.Default.FolderMeta);
}

[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(FolderMeta))]
internal sealed partial class MetaJson : JsonSerializerContext;
