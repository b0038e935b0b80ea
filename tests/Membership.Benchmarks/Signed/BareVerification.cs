using System.Diagnostics;
using Membership.Protocol.Signing;
using NSec.Cryptography;

namespace Membership.Benchmarks.Signed;

/// <summary>Signatures checked in a loop on one thread, keys and bytes at hand: what the check itself allows.</summary>
internal sealed class BareVerification
{
    private readonly List<(NSec.Cryptography.PublicKey Key, byte[] Data, byte[] Signature)> _signed = [];

    public void Add(Membership.PublicKey key, SignedEnvelope envelope)
    {
        Span<byte> bytes = stackalloc byte[Membership.PublicKey.Length];
        key.CopyTo(bytes);
        var imported = NSec.Cryptography.PublicKey.Import(SignatureAlgorithm.Ed25519, bytes, KeyBlobFormat.RawPublicKey);
        _signed.Add((imported, SignedEnvelope.PreAuthenticationEncoding(envelope.Payload.Span), envelope.Signature.ToArray()));
    }

    /// <summary>Checks for so long.</summary>
    /// <returns>Checks a second.</returns>
    public double Run(TimeSpan length)
    {
        var clock = Stopwatch.StartNew();
        var count = 0L;
        while (clock.Elapsed < length)
        {
            var (key, data, signature) = _signed[(int)(count++ % _signed.Count)];
            if (!SignatureAlgorithm.Ed25519.Verify(key, data, signature)) throw new InvalidOperationException("A signature does not verify.");
        }

        return count / clock.Elapsed.TotalSeconds;
    }
}
