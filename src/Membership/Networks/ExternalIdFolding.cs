namespace Membership;

/// <summary>External ids are compared byte for byte after <c>A-Z</c> became <c>a-z</c>; no table of Unicode is asked.</summary>
internal static class ExternalIdFolding
{
    public static string Fold(string externalId)
    {
        foreach (var c in externalId)
        {
            if (char.IsAsciiLetterUpper(c))
            {
                return string.Create(externalId.Length, externalId, static (folded, given) =>
                {
                    for (var i = 0; i < given.Length; i++)
                        folded[i] = char.IsAsciiLetterUpper(given[i]) ? (char)(given[i] | 0x20) : given[i];
                });
            }
        }

        return externalId;
    }
}
