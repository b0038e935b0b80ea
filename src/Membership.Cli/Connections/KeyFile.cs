using System.Security.Cryptography;
using Membership.Cli.Running;
using Membership.Protocol.Signing;

namespace Membership.Cli.Connections;

/// <summary>A private key in a file: PEM of PKCS #8, as <c>openssl genpkey -algorithm ed25519</c> writes it.</summary>
internal static class KeyFile
{
    private const string Label = "PRIVATE KEY";

    // Source: RFC 8410, section 7: version 0, algorithm 1.3.101.112, then the seed as an octet string within an octet string.
    private static ReadOnlySpan<byte> SeedPrefix => [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];

    /// <summary>Reads the key.</summary>
    /// <exception cref="ToolException">The file cannot be read or holds something else.</exception>
    public static NodeKey Read(string file)
    {
        var text = InputFile.ReadText(file);
        if (PemEncoding.TryFind(text, out var fields) && text[fields.Label] == Label)
        {
            var content = Convert.FromBase64String(text[fields.Base64Data]);
            if (content.Length == SeedPrefix.Length + NodeKey.SeedBytes && content.AsSpan().StartsWith(SeedPrefix))
                return NodeKey.FromSeed(content.AsSpan(SeedPrefix.Length));
        }

        throw ToolException.WrongArgument($"{file} holds no Ed25519 private key in PEM, make one with 'membership node keygen FILE'");
    }

    /// <summary>Draws a key and writes it to a new file that its owner alone can read.</summary>
    /// <exception cref="IOException">The file is there already, or cannot be written.</exception>
    public static NodeKey Create(string file)
    {
        var seed = new byte[NodeKey.SeedBytes];
        var key = NodeKey.Create(seed);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(file, options);
        using var writer = new StreamWriter(stream);
        writer.WriteLine(PemEncoding.Write(Label, [.. SeedPrefix, .. seed]));
        writer.Flush();
        stream.Flush(flushToDisk: true);
        CryptographicOperations.ZeroMemory(seed);
        return key;
    }
}
