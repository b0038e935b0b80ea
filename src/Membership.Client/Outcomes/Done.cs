namespace Membership.Client;

/// <summary>The request succeeded; a mutation is on disk on a majority of the replicas.</summary>
/// <typeparam name="T">What a success answers.</typeparam>
public sealed class Done<T> : ClientOutcome<T>
{
    internal Done(T answer, ulong revision, SentMutation<T>? sent)
        : base(sent)
    {
        Answer = answer;
        Revision = revision;
    }

    /// <summary>What was answered.</summary>
    public T Answer { get; }

    /// <summary>The revision of a mutation, or of the state that answered a query.</summary>
    public ulong Revision { get; }

    /// <inheritdoc/>
    public override Code? Code => Membership.Code.Ok;

    /// <inheritdoc/>
    public override T Require() => Answer;

    /// <summary>The revision and the answer.</summary>
    public override string ToString() => $"done at revision {Revision}: {Answer}";
}
