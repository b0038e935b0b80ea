using Membership.Cli.Running;
using Membership.Replication.Disk;

namespace Membership.Cli.Files;

/// <summary>A file that is there whole and on the disk, or not at all: a temporary one beside it, fsync, rename, fsync of the folder.</summary>
internal sealed class NewFile : IDisposable
{
    private readonly string _temporary;
    private readonly FileStream _stream;
    private bool _isKept;

    private NewFile(string path)
    {
        (Path, _temporary) = (path, $"{path}.{Environment.ProcessId}.tmp");
        _stream = new(_temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
    }

    /// <summary>The name that it will have.</summary>
    public string Path { get; }

    /// <summary>Its content so far.</summary>
    public Stream Content => _stream;

    /// <summary>Begins it; to replace a file must be confirmed.</summary>
    /// <exception cref="ToolException">It was not confirmed.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static NewFile Begin(Call call, string path)
    {
        RefuseDevice(path);
        if (File.Exists(path)) call.Confirm($"{path} is there already and will be replaced");
        return new(System.IO.Path.GetFullPath(path));
    }

    // A rename would put a file in the place of a device, and take it from everybody. What a file is .NET does not tell: where it is does.
    private static void RefuseDevice(string path)
    {
        var file = new FileInfo(path);
        var target = file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        if (target.StartsWith("/dev/", StringComparison.Ordinal)) throw ToolException.WrongArgument($"{path} is a device, name a file");
    }

    /// <summary>Gives it its name once its content is on the disk.</summary>
    public void Keep()
    {
        _stream.Flush(flushToDisk: true);
        _stream.Dispose();
        DurableFile.Rename(_temporary, Path);
        _isKept = true;
    }

    public void Dispose()
    {
        _stream.Dispose();
        if (!_isKept) File.Delete(_temporary);
    }
}
