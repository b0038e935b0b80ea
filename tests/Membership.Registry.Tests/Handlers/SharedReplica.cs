namespace Membership.Registry.Tests.Handlers;

/// <summary>One replica for all tests that only need some: they run one after another, and its time only rises.</summary>
public sealed class SharedReplica : IAsyncLifetime
{
    internal ReplicaHost Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await ReplicaHost.StartAsync();

    public async Task DisposeAsync() => await Host.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class SharedReplicaCollection : ICollectionFixture<SharedReplica>
{
    public const string Name = "shared replica";
}
