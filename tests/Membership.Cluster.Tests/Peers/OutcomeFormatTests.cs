using Membership.Replication.Peers;
using Xunit;

namespace Membership.Cluster.Tests.Peers;

public sealed class OutcomeFormatTests
{
    private static readonly Outcome plain = new(Code.NetworkFull, 300);
    private static readonly Outcome full = new(Code.Ok, ulong.MaxValue, new(new(70_000), new(513), Role.Admin, 9, true), Repeated: true);

    [Fact]
    public void The_bytes_are_these()
    {
        const string golden = "9200929337cd012cc29800cfffffffffffffffffc3ce00011170cd02010209c3";
        var bytes = ForwardResultFormat.Write(ForwardResult.Decided([plain, full]));
        Assert.Equal(golden, Convert.ToHexStringLower(bytes));
        Assert.Equal([plain, full], ForwardResultFormat.Read(bytes, 2).Outcomes.ToArray());
    }

    [Fact]
    public void Every_truncation_every_addition_and_every_other_count_is_refused()
    {
        var bytes = ForwardResultFormat.Write(ForwardResult.Decided([plain, full]));
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => ForwardResultFormat.Read(bytes.AsMemory(0, length), 2));
        Assert.Throws<InvalidDataException>(() => ForwardResultFormat.Read((byte[])[.. bytes, 0], 2));
        Assert.Throws<InvalidDataException>(() => ForwardResultFormat.Read(bytes, 1));
        Assert.Throws<InvalidDataException>(() => ForwardResultFormat.Read(bytes, 3));
    }

    [Fact]
    public void Random_bytes_are_a_result_or_refused_and_nothing_else()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var sample = ForwardResultFormat.Write(ForwardResult.Decided([plain, full]));
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = (byte[])sample.Clone();
            for (var flips = random.Next(1, 4); flips > 0; flips--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var thrown = Record.Exception(() => ForwardResultFormat.Read(bytes, 2));
            Assert.True(thrown is null or InvalidDataException, $"seed {seed}, round {round}: {thrown}");
        }
    }
}
