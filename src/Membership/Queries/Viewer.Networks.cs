namespace Membership.Queries;

public sealed partial class Viewer
{
    /// <summary><c>list_networks</c>: what the viewer may see, by id, the backbone first.</summary>
    /// <param name="limit">At most so many; null for all.</param>
    /// <param name="after">The last id seen.</param>
    public Page<NetworkAnswer, NetworkId> ListNetworks(int? limit = null, NetworkId? after = null)
    {
        var page = new PageBuilder<NetworkAnswer, NetworkId>(limit);
        if (after is null && !page.TryAdd(Backbone(), NetworkId.Backbone)) return page.Build();
        foreach (var (id, network) in _state.Tables.Networks.From(new((ushort)((after?.Value ?? 0) + 1))))
        {
            if (id <= (after ?? default)) break;
            if (MaySee(network) && !page.TryAdd(Describe(network), id)) break;
        }

        return page.Build();
    }

    /// <summary><c>get_network</c>; the backbone answers too.</summary>
    public QueryResult<NetworkAnswer> GetNetwork(NetworkId id)
    {
        if (id.IsBackbone) return QueryResult<NetworkAnswer>.Ok(Backbone());
        return TrySee(id, out var network)
            ? QueryResult<NetworkAnswer>.Ok(Describe(network))
            : QueryResult<NetworkAnswer>.Rejected(Code.NetworkNotFound);
    }

    /// <summary><c>get_network_policy</c>.</summary>
    public QueryResult<NetworkPolicy> GetNetworkPolicy(NetworkId id) => TrySee(id, out var network)
        ? QueryResult<NetworkPolicy>.Ok(network.Policy)
        : QueryResult<NetworkPolicy>.Rejected(Code.NetworkNotFound);

    /// <summary><c>get_expr_policy</c>.</summary>
    public QueryResult<ExprPolicyAnswer> GetExprPolicy(NetworkId id)
    {
        if (!TrySee(id, out _)) return QueryResult<ExprPolicyAnswer>.Rejected(Code.NetworkNotFound);
        return QueryResult<ExprPolicyAnswer>.Ok(
            new(_state.Tables.ExprPolicies.TryGetValue(id, out var document) ? document : null));
    }

    /// <summary><c>get_rbac_preassignments</c>: admins only.</summary>
    /// <param name="id">The network.</param>
    /// <param name="limit">At most so many; null for all.</param>
    /// <param name="after">The last external id seen.</param>
    public QueryResult<PreAssignmentsAnswer> GetRbacPreassignments(NetworkId id, int? limit = null, string? after = null)
    {
        if (!IsAdmin) return QueryResult<PreAssignmentsAnswer>.Rejected(Code.AdminRequired);
        if (!_state.Tables.Networks.ContainsKey(id)) return QueryResult<PreAssignmentsAnswer>.Rejected(Code.NetworkNotFound);
        var first = after is null ? "" : ExternalIdFolding.Fold(after) + '\0';
        var roles = System.Collections.Immutable.ImmutableArray.CreateBuilder<PreAssignment>();
        string? next = null;
        foreach (var (_, assignment) in _state.Tables.PreAssignments.Between(new(id.Value, first), new(id.Value + 1, "")))
        {
            if (roles.Count == limit)
            {
                next = roles[^1].ExternalId;
                break;
            }

            roles.Add(assignment);
        }

        return QueryResult<PreAssignmentsAnswer>.Ok(new(roles.DrainToImmutable(), next));
    }

    private NetworkAnswer Backbone() => new(
        NetworkId.Backbone,
        NameRules.Backbone,
        JoinRule.Open,
        Enterprise: false,
        _state.Counters.FoundedAt,
        IsAdmin ? _state.NodeCount : null,
        NetworkPolicy.None,
        Rules: null,
        HasExprPolicy: false);

    private NetworkAnswer Describe(Network network) => new(
        network.Id,
        network.Name,
        network.JoinRule,
        network.Enterprise,
        network.CreatedAt,
        IsAdmin ? CountMembers(network.Id) : null,
        network.Policy,
        network.Rules,
        _state.Tables.ExprPolicies.ContainsKey(network.Id));

    private int CountMembers(NetworkId network)
    {
        var (from, to) = State.Ranges.ByJoin(network);
        return _state.Tables.MembersByJoin.CountBetween(from, to);
    }
}
