using System.Text.Json;

namespace Membership.Registry.Tests.Vectors;

/// <summary>Signatures, hashes and addresses that were made by another implementation.</summary>
internal static class VectorFile
{
    private static readonly JsonElement Root = Load();

    /// <summary>The entries of one list, each as its JSON text, so that a test names the one that fails.</summary>
    public static TheoryData<string> Entries(string list) => [.. Root.GetProperty(list).EnumerateArray().Select(entry => entry.GetRawText())];

    public static JsonElement Parse(string entry) => JsonDocument.Parse(entry).RootElement;

    public static string Text(this JsonElement entry, string name) => entry.GetProperty(name).GetString()!;

    public static byte[] Hex(this JsonElement entry, string name) => Convert.FromHexString(entry.Text(name));

    private static JsonElement Load() =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Vectors", "vectors.json"))).RootElement;
}
