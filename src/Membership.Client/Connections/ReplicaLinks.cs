namespace Membership.Client;

/// <summary>All replicas, and which of them is asked: any takes any request, so the same one as long as it serves.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ReplicaLinks(MembershipClientOptions options, TimeSpan answerLimit) : IDisposable
{
    private readonly ReplicaLink[] _links = [.. options.Replicas.Select(replica => new ReplicaLink(replica, options, answerLimit))];

    // Not the first for everybody, so that many clients spread over the replicas.
    private int _present = Random.Shared.Next(options.Replicas.Count);

    public int Count => _links.Length;

    /// <summary>The index of the one that is asked now.</summary>
    public int Present => Volatile.Read(ref _present);

    public ReplicaLink this[int index] => _links[index];

    /// <summary>Asks the next one from now on, unless somebody else has gone on before.</summary>
    public void MoveOnFrom(int index) => Interlocked.CompareExchange(ref _present, (index + 1) % _links.Length, index);

    public void Dispose()
    {
        foreach (var link in _links) link.Dispose();
    }
}
