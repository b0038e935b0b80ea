using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace RegistryReplica.Page;

/// <summary>Who is let in, and what a browser may do with what it is given.</summary>
internal sealed class PageGate(ImmutableArray<string> tokens)
{
    // Nothing from elsewhere and nothing inline: a name that is markup has nothing to run.
    private const string ContentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private readonly ImmutableArray<byte[]> _hashes = [.. tokens.Select(Hash)];

    public Task AdmitAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";

        // A page elsewhere whose name was made to resolve to this machine would come with its own name.
        if (!IsThisMachine(context.Request.Host.Host)) return Refuse(context, StatusCodes.Status421MisdirectedRequest);
        if (!_hashes.IsEmpty && !ShowsToken(context.Request))
        {
            headers.WWWAuthenticate = "Basic realm=\"membership: any name, an admin token as password\", charset=\"UTF-8\"";
            return Refuse(context, StatusCodes.Status401Unauthorized);
        }

        return next(context);
    }

    private static Task Refuse(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static bool IsThisMachine(string host) => host is "localhost" or "127.0.0.1" or "[::1]";

    private bool ShowsToken(HttpRequest request)
    {
        const string scheme = "Basic ";
        var header = request.Headers[HeaderNames.Authorization].ToString();
        if (!header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) return false;
        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[scheme.Length..], bytes, out var length)) return false;
        var colon = bytes.AsSpan(0, length).IndexOf((byte)':');
        if (colon < 0) return false;
        var hash = SHA256.HashData(bytes.AsSpan(colon + 1, length - colon - 1));

        // Compares with every one, so that the time does not tell which it was.
        var isOne = false;
        foreach (var known in _hashes) isOne |= CryptographicOperations.FixedTimeEquals(hash, known);
        return isOne;
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
