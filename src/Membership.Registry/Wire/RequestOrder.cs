using Membership.Protocol.Requests;

namespace Membership.Registry.Wire;

/// <summary>
/// Which requests of one connection may be handled at the same time: queries beside queries, and mutations behind mutations. So a client
/// sees what it would see sending one request at a time.
/// </summary>
internal static class RequestOrder
{
    /// <summary>How the request is to be handled.</summary>
    public static Turn Of(in ReadRequest read) => read.Request?.Command switch
    {
        Protocol.Requests.Watch => Turn.Waiting,
        Query and not OperatorCommand => Turn.Beside,
        MutationCommand command when !TouchesCredentials(command) => Turn.InOrder,
        _ => Turn.Alone,
    };

    // What is checked against the state before it is proposed, or changes what requests behind it are checked against. A new node or
    // network is no such thing: whoever shows a credential that is not known yet waits for all before.
    private static bool TouchesCredentials(MutationCommand command) =>
        command.Mutation is RotateNodeKey or SetNetworkAdminToken or SetJoinRule or JoinNetwork && (command.CarriesToken || command.Mutation is not JoinNetwork);
}
