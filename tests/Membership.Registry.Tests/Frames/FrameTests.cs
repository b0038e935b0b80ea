using System.Buffers;
using Membership.Protocol.Frames;

namespace Membership.Registry.Tests.Frames;

public sealed class FrameTests
{
    [Fact]
    public void A_frame_is_its_length_and_its_content()
    {
        var output = new ArrayBufferWriter<byte>();
        Frame.Write(output, "{}"u8);
        Assert.Equal([0, 0, 0, 2, (byte)'{', (byte)'}'], output.WrittenSpan.ToArray());
    }

    [Fact]
    public void Frames_are_read_one_after_another_however_they_arrive()
    {
        var output = new ArrayBufferWriter<byte>();
        Frame.Write(output, "first"u8);
        Frame.Write(output, new byte[70_000]);
        for (var piece = 1; piece < 9; piece++)
        {
            var buffer = Segment.Split(output.WrittenMemory, piece);
            Assert.Equal(FrameStatus.Complete, Frame.Read(ref buffer, Frame.BytesMax, out var first));
            Assert.Equal("first"u8.ToArray(), first.ToArray());
            Assert.Equal(FrameStatus.Complete, Frame.Read(ref buffer, Frame.BytesMax, out var second));
            Assert.Equal(70_000, second.Length);
            Assert.True(buffer.IsEmpty);
        }
    }

    [Fact]
    public void Less_than_a_frame_is_left_where_it_is()
    {
        var output = new ArrayBufferWriter<byte>();
        Frame.Write(output, "first"u8);
        for (var length = 0; length < output.WrittenCount; length++)
        {
            var buffer = new ReadOnlySequence<byte>(output.WrittenMemory[..length]);
            Assert.Equal(FrameStatus.Incomplete, Frame.Read(ref buffer, Frame.BytesMax, out var content));
            Assert.Equal(length, buffer.Length);
            Assert.True(content.IsEmpty);
        }
    }

    [Theory]
    [InlineData(0u, Frame.BytesMax, FrameStatus.Invalid)]
    [InlineData(1u, Frame.BytesMax, FrameStatus.Incomplete)]
    [InlineData(4u * 1024 * 1024, Frame.BytesMax, FrameStatus.Incomplete)]
    [InlineData(4u * 1024 * 1024 + 1, Frame.BytesMax, FrameStatus.Invalid)]
    [InlineData(uint.MaxValue, Frame.BytesMax, FrameStatus.Invalid)]
    [InlineData(256u * 1024, Frame.AnonymousBytesMax, FrameStatus.Incomplete)]
    [InlineData(256u * 1024 + 1, Frame.AnonymousBytesMax, FrameStatus.Invalid)]
    public void A_length_is_judged_as_soon_as_it_is_there(uint length, int bytesMax, FrameStatus expected)
    {
        var header = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(header, length);
        var buffer = new ReadOnlySequence<byte>(header);
        Assert.Equal(expected, Frame.Read(ref buffer, bytesMax, out _));
    }

    [Fact]
    public void Nothing_and_too_much_are_not_written()
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.Throws<ArgumentException>(() => Frame.Write(output, []));
        Assert.Throws<ArgumentException>(() => Frame.Write(output, new byte[Frame.BytesMax + 1]));
        Assert.Equal(0, output.WrittenCount);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public static ReadOnlySequence<byte> Split(ReadOnlyMemory<byte> bytes, int length)
        {
            var first = new Segment { Memory = bytes[..length] };
            var last = first;
            while (last.RunningIndex + last.Memory.Length is var at && at < bytes.Length)
            {
                var next = new Segment { Memory = bytes.Slice((int)at, (int)Math.Min(length, bytes.Length - at)), RunningIndex = at };
                last.Next = next;
                last = next;
            }

            return new(first, 0, last, last.Memory.Length);
        }
    }
}
