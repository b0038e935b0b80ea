using System.Text;

namespace Membership.Cli.Running;

/// <summary>A file that an argument names: one that cannot be read is a wrong argument, because nothing was done yet.</summary>
internal static class InputFile
{
    // More than any document or list that a request may hold.
    private const int BytesMax = 4 * 1024 * 1024;

    /// <summary>Reads a whole text; <c>-</c> is the standard input.</summary>
    /// <exception cref="ToolException">It cannot be read, is too long, or is no UTF-8.</exception>
    public static string ReadText(string file)
    {
        if (file == "-") return Console.In.ReadToEnd();
        try
        {
            if (new FileInfo(file).Length > BytesMax) throw ToolException.WrongArgument($"{file} is longer than 4 MiB, give another file");
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw ToolException.WrongArgument($"{file} cannot be read ({e.Message}), give another file");
        }
    }
}
