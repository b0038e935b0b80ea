namespace Membership.Replication;

/// <summary>
/// A replica refuses to start on its data folder. Nothing was changed. Do not retry, except after <see cref="DataFolderProblem.Locked"/>:
/// the message says what an operator has to put right.
/// </summary>
public sealed class DataFolderException : Exception
{
    /// <summary>Names the folder, the problem and what to do.</summary>
    public DataFolderException(DataFolderProblem problem, string folder, string message, Exception? innerException = null)
        : base($"{CodeOf(problem)}: '{folder}': {message}", innerException)
    {
        Problem = problem;
        Folder = folder;
    }

    /// <summary>What is wrong.</summary>
    public DataFolderProblem Problem { get; }

    /// <summary>The full path of the folder.</summary>
    public string Folder { get; }

    /// <summary>The stable name of the problem, such as <c>folder_other_cluster</c>.</summary>
    public string Code => CodeOf(Problem);

    private static string CodeOf(DataFolderProblem problem) => problem switch
    {
        DataFolderProblem.OtherCluster => "folder_other_cluster",
        DataFolderProblem.OtherReplica => "folder_other_replica",
        DataFolderProblem.OtherSecret => "folder_other_secret",
        DataFolderProblem.NewerFormat => "folder_newer_format",
        DataFolderProblem.Empty => "folder_empty",
        DataFolderProblem.Locked => "folder_locked",
        DataFolderProblem.Removed => "folder_removed",
        DataFolderProblem.Unfinished => "folder_unfinished",
        _ => "folder_damaged",
    };
}
