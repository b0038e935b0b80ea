using System.Globalization;
using Membership.Replication.Disk;

namespace Membership.Replication.Snapshots;

/// <summary>
/// Remembers over a restart up to which index the log may have been cut: an empty file whose name holds that index, made before the
/// snapshot is published. Without it one snapshot file alone would leave open whether the log still reaches back to its first entry.
/// </summary>
internal sealed class PublishedMark
{
    private const string Prefix = "published-";

    private readonly string _folder;

    public PublishedMark(string folder)
    {
        _folder = folder;
        Index = Marks().Select(static mark => mark.Index).DefaultIfEmpty().Max();
    }

    /// <summary>The log may begin after this index, not later; 0 while it reaches back to its first entry.</summary>
    public long Index { get; private set; }

    /// <summary>Returns when the mark is on disk. Never goes back.</summary>
    /// <exception cref="IOException">It may not be on disk: publish nothing.</exception>
    public void Raise(long index)
    {
        if (index <= Index) return;
        var path = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{index}"));
        using (var handle = File.OpenHandle(path, FileMode.Create, FileAccess.Write)) RandomAccess.FlushToDisk(handle);
        DurableFile.FlushFolder(_folder);
        Index = index;
        // The greatest counts, so what a kill leaves of the lesser ones does no harm.
        foreach (var (lesser, older) in Marks().ToArray())
        {
            if (older < index) File.Delete(lesser);
        }
    }

    private IEnumerable<(string Path, long Index)> Marks()
    {
        foreach (var path in Directory.EnumerateFiles(_folder, Prefix + "*"))
        {
            var digits = Path.GetFileName(path.AsSpan())[Prefix.Length..];
            if (long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var index)) yield return (path, index);
        }
    }
}
