using Membership.Replication.Peers;
using RegistryReplica;

if (args is ["make-certificates", var folder, .. var ids] && ids.Length > 0)
{
    DevelopmentCertificates.Write(folder, ids, DateTimeOffset.UtcNow, TimeSpan.FromDays(365));
    Console.WriteLine($"{folder}: an authority and certificates for {string.Join(", ", ids)}. For development only.");
    return 0;
}

if (args is ["--help"])
{
    Console.WriteLine(ReplicaSettings.Usage);
    return 0;
}

if (args is [] or ["make-certificates", ..])
{
    Console.Error.WriteLine(ReplicaSettings.Usage);
    return 2;
}

return await ReplicaProgram.RunAsync(args);
