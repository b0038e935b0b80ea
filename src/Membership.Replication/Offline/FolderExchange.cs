using System.Text;
using Membership.Replication.Birth;
using Membership.Replication.Disk;

namespace Membership.Replication.Offline;

/// <summary>
/// Puts the content of a new replica into a data folder, and what was there into a folder within it, by renames alone. A kill at any moment
/// leaves the folder as it was, or one that no replica starts on and that <see cref="Finish"/> completes.
/// </summary>
/// <remarks>
/// Within the folder, as that may be a volume of its own, which can be neither renamed nor exchanged. Its lock is held meanwhile.
/// </remarks>
/// <param name="folder">The data folder.</param>
/// <param name="beforeStep">Hears of each rename before it is made, in tests.</param>
internal sealed class FolderExchange(DataFolderLayout folder, Action? beforeStep = null)
{
    private const string AsideName = "aside";

    /// <summary>Where the new content is built. Nothing counts that is in it.</summary>
    public DataFolderLayout Building { get; } = new(Path.Combine(folder.Path, "founding"));

    /// <summary>Whether an exchange was begun and is to be finished.</summary>
    public bool IsUnfinished => Directory.Exists(Ready.Path);

    /// <summary>The new content once it is whole, as far as it is not in its place yet.</summary>
    public DataFolderLayout Ready { get; } = new(folder.UnfinishedPath);

    /// <summary>Empties the place of building.</summary>
    public void Begin()
    {
        if (Directory.Exists(Building.Path)) Directory.Delete(Building.Path, recursive: true);
        Directory.CreateDirectory(Building.Path);
    }

    /// <summary>The new content is whole: from now on the exchange can only be finished.</summary>
    /// <param name="aside">What the folder for the old content is called.</param>
    public void Commit(string aside)
    {
        DurableFile.Replace(Path.Combine(Building.Path, AsideName), Encoding.UTF8.GetBytes(aside));
        Directory.Move(Building.Path, Ready.Path);
        DurableFile.FlushFolder(folder.Path);
    }

    /// <summary>Exchanges what is not exchanged yet.</summary>
    /// <returns>Where the old content is; null when there was none.</returns>
    public string? Finish()
    {
        var name = Path.Combine(Ready.Path, AsideName);
        if (!File.Exists(name))
        {
            // All is in its place but for the empty folder.
            Directory.Delete(Ready.Path);
            return null;
        }

        var aside = Path.Combine(folder.Path, File.ReadAllText(name));

        // Without the file that says whose it is, no replica starts on the folder: the old one goes first and the new one comes last.
        if (File.Exists(Ready.MetaFile)) Move(folder.MetaFile, aside);
        foreach (var old in new[] { folder.AdmissionFile, folder.RemovedFile, folder.DivergedFile, folder.ReplicasFile, folder.EvidencePath }) Move(old, aside);
        Exchange(Ready.SnapshotPath, folder.SnapshotPath, aside);
        Exchange(Ready.LogPath, folder.LogPath, aside);
        Exchange(Ready.LogBegunFile, folder.LogBegunFile, aside);
        Exchange(Ready.ConfigurationFile, folder.ConfigurationFile, aside);
        Exchange(Ready.MetaFile, folder.MetaFile, aside);
        beforeStep?.Invoke();
        File.Delete(name);
        beforeStep?.Invoke();
        Directory.Delete(Ready.Path);
        DurableFile.FlushFolder(folder.Path);
        return Directory.Exists(aside) ? aside : null;
    }

    private void Exchange(string made, string place, string aside)
    {
        if (!Path.Exists(made)) return;
        Move(place, aside);
        beforeStep?.Invoke();
        Directory.Move(made, place);
        DurableFile.FlushFolder(Path.GetDirectoryName(place)!);
    }

    private void Move(string path, string aside)
    {
        if (!Path.Exists(path)) return;
        beforeStep?.Invoke();
        Directory.CreateDirectory(aside);
        Directory.Move(path, Path.Combine(aside, Path.GetFileName(path)));
        DurableFile.FlushFolder(aside);
        DurableFile.FlushFolder(Path.GetDirectoryName(path)!);
    }
}
