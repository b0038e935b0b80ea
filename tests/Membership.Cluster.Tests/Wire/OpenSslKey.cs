using System.Diagnostics;
using Xunit;

namespace Membership.Cluster.Tests.Wire;

/// <summary>An Ed25519 key that is made and used by the program <c>openssl</c> alone.</summary>
internal sealed class OpenSslKey
{
    private const int PublicKeyBytes = 32;

    private readonly string _file;

    private OpenSslKey(string file, byte[] publicKey)
    {
        _file = file;
        PublicKey = Convert.ToBase64String(publicKey);
    }

    /// <summary>Standard base64 of the 32 bytes.</summary>
    public string PublicKey { get; }

    public static async Task<OpenSslKey> MakeAsync(string file)
    {
        await RunAsync("genpkey", "-algorithm", "ED25519", "-out", file);

        // The key itself is the end of what the format wraps around it.
        var wrapped = await RunAsync("pkey", "-in", file, "-pubout", "-outform", "DER");
        return new(file, wrapped[^PublicKeyBytes..]);
    }

    /// <summary>Signs bytes: standard base64.</summary>
    public async Task<string> SignAsync(byte[] data)
    {
        var message = _file + ".message";
        await File.WriteAllBytesAsync(message, data);
        return Convert.ToBase64String(await RunAsync("pkeyutl", "-sign", "-inkey", _file, "-rawin", "-in", message));
    }

    private static async Task<byte[]> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("openssl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return output.ToArray();
    }
}
