using System.Globalization;
using System.Text.Json;
using Membership.Replication.Disk;
using Membership.State;

namespace Membership.Replication.Divergence;

/// <summary>Remembers over a restart that the state in the folder is not to be served. Gone once it is rebuilt.</summary>
internal sealed class FenceMark(string file)
{
    /// <summary>What it says; null when there is none.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public ReplicaDivergence? Read()
    {
        if (!File.Exists(file)) return null;
        try
        {
            var content = JsonSerializer.Deserialize<Content>(File.ReadAllBytes(file)) ?? throw new JsonException("empty");
            var stage = content.IsSplit ? DivergenceStage.Split : DivergenceStage.Diverged;
            return new(stage, content.Index, Parse(content.Own), Parse(content.Expected)) { Evidence = content.Evidence };
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            // Damaged or not, it says the one thing that counts.
            return new(DivergenceStage.Diverged, 0, default, default) { Obstacle = $"'{file}' cannot be read: {e.Message}" };
        }
    }

    /// <summary>Returns when it is on the disk.</summary>
    public void Write(ReplicaDivergence divergence) => DurableFile.Replace(file, ToBytes(divergence));

    /// <summary>Takes it away; returns when that is on the disk.</summary>
    public void Clear()
    {
        File.Delete(file);
        DurableFile.FlushFolder(Path.GetDirectoryName(file)!);
    }

    /// <summary>The content, for the evidence as well.</summary>
    public static byte[] ToBytes(ReplicaDivergence divergence) => JsonSerializer.SerializeToUtf8Bytes(new Content(
        divergence.Index, divergence.Own.ToString(), divergence.Expected.ToString(), divergence.Stage == DivergenceStage.Split, divergence.Evidence));

    private static StateDigest Parse(string text) => new(UInt128.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));

    private sealed record Content(long Index, string Own, string Expected, bool IsSplit, string? Evidence);
}
