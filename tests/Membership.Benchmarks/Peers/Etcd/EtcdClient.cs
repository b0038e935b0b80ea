using System.Buffers.Binary;
using Membership.Benchmarks.Replicas;

namespace Membership.Benchmarks.Peers.Etcd;

/// <summary>The calls that the comparison needs of one etcd member.</summary>
/// <remarks>Source of the field numbers: etcd's <c>rpc.proto</c>.</remarks>
internal sealed class EtcdClient : IDisposable
{
    /// <summary>Keys that are written before they are read.</summary>
    public const int StandingKeys = 10_000;

    private const int ValueBytes = 100;
    private const int CompareCreateRevision = 1;

    private static readonly byte[] Value = new byte[ValueBytes];

    private readonly GrpcConnection _connection;
    private readonly GrpcMethod _put;
    private readonly GrpcMethod _range;
    private readonly GrpcMethod _transact;
    private readonly GrpcMethod _status;

    private EtcdClient(GrpcConnection connection, string authority)
    {
        _connection = connection;
        _put = new("/etcdserverpb.KV/Put", authority);
        _range = new("/etcdserverpb.KV/Range", authority);
        _transact = new("/etcdserverpb.KV/Txn", authority);
        _status = new("/etcdserverpb.Maintenance/Status", authority);
    }

    public static async Task<EtcdClient> ConnectAsync(int port) =>
        new(await GrpcConnection.OpenAsync(ReplicaPlan.Loopback(port)), $"127.0.0.1:{port}");

    /// <summary>Puts 100 bytes under one of the standing keys.</summary>
    public async Task<string?> PutAsync(int key) =>
        await _connection.CallAsync(_put, PutOf(KeyOf('k', (ulong)key), Value).Written) is null ? "put failed" : null;

    /// <summary>Puts a member and its role under fresh keys, if the member is absent: what joining a network is made of.</summary>
    public async Task<string?> JoinAsync(ulong member)
    {
        var (memberKey, roleKey) = (KeyOf('m', member), KeyOf('r', member));
        var compare = new ProtobufWriter().Number(2, CompareCreateRevision).Bytes(3, memberKey).Number(5, 0);
        var transaction = new ProtobufWriter()
            .Message(1, compare)
            .Message(2, new ProtobufWriter().Message(2, PutOf(memberKey, Value)))
            .Message(2, new ProtobufWriter().Message(2, PutOf(roleKey, "member"u8)));
        var answer = await _connection.CallAsync(_transact, transaction.Written);
        return answer is not null && ProtobufFields.Number(answer, 2) == 1 ? null : "transaction failed";
    }

    /// <summary>Reads one of the standing keys, linearizable.</summary>
    public async Task<string?> GetAsync(int key)
    {
        var answer = await _connection.CallAsync(_range, new ProtobufWriter().Bytes(1, KeyOf('k', (ulong)key)).Written);
        return answer is not null && ProtobufFields.Number(answer, 4) == 1 ? null : "get failed";
    }

    /// <summary>Whether this member leads.</summary>
    public async Task<bool> LeadsAsync()
    {
        var answer = await _connection.CallAsync(_status, []);
        if (answer is null) return false;
        var self = ProtobufFields.Number(ProtobufFields.Bytes(answer, 1), 2);
        return self != 0 && ProtobufFields.Number(answer, 4) == self;
    }

    public void Dispose() => _connection.Dispose();

    private static ProtobufWriter PutOf(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => new ProtobufWriter().Bytes(1, key).Bytes(2, value);

    private static byte[] KeyOf(char kind, ulong number)
    {
        var key = new byte[16];
        key[0] = (byte)kind;
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(8), number);
        return key;
    }
}
