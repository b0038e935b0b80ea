using Membership.Protocol.Signing;

namespace Membership.Protocol.Requests;

/// <summary>Reads the mutations that bring a public key, and finds their verdicts.</summary>
internal static class NodeReaders
{
    public static MutationCommand RegisterNode(RequestFields f)
    {
        var (key, _) = ReadKey(f);
        return Register(key, f.OptionalText(FieldNames.ExternalId), stockChallenge: null);
    }

    /// <summary>The word of stock clients; all its other fields are ignored.</summary>
    public static MutationCommand StockRegister(RequestFields f)
    {
        var (key, keyText) = ReadKey(f);
        return Register(key, externalId: null, SignedText.Register(f.OptionalText("listen_addr") ?? "", keyText));
    }

    public static MutationCommand RotateNodeKey(RequestFields f)
    {
        var node = f.Node();
        var (key, keyText) = ReadKey(f);
        var proof = f.Text("new_key_proof");
        var mutation = new RotateNodeKey(node, key);
        return new(mutation, inputs => mutation with
        {
            Verdict = !KeyValidity.IsValid(key) ? Code.KeyInvalid
                : !SignedText.Verify(key, SignedText.RotateNodeKey(inputs.ClusterId, node, keyText), proof) ? Code.SignatureInvalid
                : Code.Ok,
        });
    }

    private static MutationCommand Register(PublicKey key, string? externalId, string? stockChallenge)
    {
        var mutation = new RegisterNode(key, externalId);
        return new(
            mutation,
            _ => KeyValidity.IsValid(key) ? mutation : mutation with { Verdict = Code.KeyInvalid },
            stockChallenge);
    }

    // A text that is no key at all stands for the key of 32 zeros, which is of small order: invalid, too.
    private static (PublicKey Key, string Text) ReadKey(RequestFields f)
    {
        var text = f.Text(FieldNames.PublicKey);
        var isKey = Base64Text.TryDecode(text, out var bytes) && bytes.Length == PublicKey.Length;
        return (isKey ? new PublicKey(bytes) : default, text);
    }
}
