namespace Membership.Queries;

/// <summary>An answer, or why there is none.</summary>
/// <typeparam name="T">The answer.</typeparam>
/// <param name="Code"><see cref="Code.Ok"/>, or why the query was rejected.</param>
/// <param name="Answer">The answer; null on a rejection, save where a query says what it then holds.</param>
public readonly record struct QueryResult<T>(Code Code, T? Answer)
    where T : class
{
    /// <summary>Whether there is an answer.</summary>
    public bool IsOk => Code == Code.Ok;

    internal static QueryResult<T> Rejected(Code code) => new(code, null);

    internal static QueryResult<T> Ok(T answer) => new(Code.Ok, answer);
}
