using System.Buffers;
using System.Text;

namespace Membership.Benchmarks.Peers.Etcd;

/// <summary>A method of a gRPC service, as the header block of a request for it: always the same bytes, as nothing in it is indexed.</summary>
/// <remarks>Source: RFC 7541, sections 6.1 and 6.2.2 and appendix A.</remarks>
internal sealed class GrpcMethod
{
    private const byte IndexedPost = 0x83;
    private const byte IndexedHttp = 0x86;
    private const byte AuthorityName = 0x01;
    private const byte PathName = 0x04;

    public GrpcMethod(string path, string authority)
    {
        var block = new ArrayBufferWriter<byte>();
        block.Write<byte>([IndexedPost, IndexedHttp, PathName]);
        WriteText(block, path);
        block.Write<byte>([AuthorityName]);
        WriteText(block, authority);
        // content-type is number 31 of the static table: 15 in four bits, then 16.
        block.Write<byte>([0x0f, 0x10]);
        WriteText(block, "application/grpc");
        block.Write<byte>([0x00]);
        WriteText(block, "te");
        WriteText(block, "trailers");
        HeaderBlock = block.WrittenSpan.ToArray();
    }

    public byte[] HeaderBlock { get; }

    private static void WriteText(ArrayBufferWriter<byte> block, string text)
    {
        if (text.Length > 126) throw new ArgumentException("Longer than one byte says.", nameof(text));
        block.Write<byte>([(byte)text.Length, .. Encoding.ASCII.GetBytes(text)]);
    }
}
