using Membership.Cluster.Tests.Replicas;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Membership.Cluster.Tests.Hosting;

/// <summary>Hosts with one replica each, told by a section of their configuration.</summary>
internal static class ReplicaHosts
{
    /// <summary>What the section <c>Membership</c> says of one replica of a group.</summary>
    public static Dictionary<string, string?> SettingsOf(ReplicaGroup group, string id)
    {
        var options = group.OptionsOf(id);
        var settings = new Dictionary<string, string?>
        {
            ["Membership:ClusterId"] = options.ClusterId,
            ["Membership:ReplicaId"] = id,
            ["Membership:DataFolder"] = options.DataFolder,
            ["Membership:Bootstrap"] = "true",
            ["Membership:ElectionTimeoutMinMs"] = $"{options.ElectionTimeoutMinMs}",
            ["Membership:ElectionTimeoutMaxMs"] = $"{options.ElectionTimeoutMaxMs}",
        };
        for (var i = 0; i < options.Replicas.Count; i++)
        {
            settings[$"Membership:Replicas:{i}:Id"] = options.Replicas[i].Id;
            settings[$"Membership:Replicas:{i}:Raft"] = options.Replicas[i].RaftAddress;
            settings[$"Membership:Replicas:{i}:Peer"] = options.Replicas[i].PeerAddress;
        }

        return settings;
    }

    /// <summary>A host that is not started yet.</summary>
    public static IHost Build(IReadOnlyDictionary<string, string?> settings, ILoggerFactory? loggers = null, Action<IServiceCollection>? more = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(settings);
        if (loggers is not null) builder.Services.AddSingleton(loggers);
        builder.Services.AddMembershipReplica(builder.Configuration.GetSection("Membership"));
        more?.Invoke(builder.Services);
        return builder.Build();
    }
}
