using Membership.Protocol.Answers;
using Membership.Protocol.Requests;
using Membership.Protocol.Tokens;
using Membership.Registry.Authentication;
using Membership.Registry.Handling;
using Membership.Registry.Telemetry;
using Membership.Registry.Wire;
using Membership.Replication;
using Membership.Replication.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Membership.Registry;

/// <summary>Turns one request into one answer: reads it, finds out who asks, proposes or reads, and writes what became of it.</summary>
/// <remarks>
/// Thread-safe. Requests that are handled at the same time are proposed in no order; one who needs an order awaits each answer. A bad
/// request never throws: its answer is an error.
/// </remarks>
public sealed partial class RegistryHandlers
{
    private readonly MembershipReplica _replica;
    private readonly Authenticator _authenticator;
    private readonly MutationHandler _mutations;
    private readonly QueryHandler _queries;
    private readonly OperatorHandler _operators;
    private readonly WatchHandler _watches;
    private readonly RequestInstruments _instruments;
    private readonly ILogger _logger;

    /// <summary>Makes the handlers of a replica.</summary>
    /// <param name="replica">The replica, kept by the caller. Until it is started, whatever asks for it is <see cref="Code.Unavailable"/>.</param>
    /// <param name="options">What is answered to whom; not to be changed any more.</param>
    /// <param name="secret">The cluster's secret, kept by the caller.</param>
    /// <param name="time">The replica's clock; null for the system's.</param>
    /// <param name="logger">Where refused credentials are logged, without them; null for nowhere.</param>
    public RegistryHandlers(
        MembershipReplica replica,
        RegistryOptions options,
        ClusterSecret secret,
        TimeProvider? time = null,
        ILogger<RegistryHandlers>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(replica);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(secret);
        _replica = replica;
        _logger = (ILogger?)logger ?? NullLogger.Instance;
        _instruments = new(replica);
        time ??= TimeProvider.System;
        Parser = new(options.StockWords);
        _authenticator = new(replica, options, new AdminTokens(options, secret));
        _queries = new(replica, options, _authenticator, time);
        _mutations = new(replica, options, secret, _authenticator, new(replica, options, _queries, time));
        _operators = new(replica, _authenticator, _queries, time, _logger);
        _watches = new(replica, options, _queries, time);
    }

    /// <summary>The replica's instruments.</summary>
    internal ReplicaMeter Meter => _replica.Meter;

    /// <summary>Reads requests.</summary>
    internal RequestParser Parser { get; }

    /// <summary>Handles the content of one frame.</summary>
    /// <param name="content">The content. It must not change until the answer is there.</param>
    /// <param name="source">Where it came from.</param>
    /// <param name="token">Gives up waiting; a change may still come about.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask<RegistryAnswer> HandleAsync(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(ReadRequest.Of(content, Parser), source, turn: null, only: null, token);

    /// <summary>Handles a request that was read, in its turn among those of its connection.</summary>
    internal ValueTask<RegistryAnswer> HandleAsync(ReadRequest read, RequestSource source, MutationTurn? turn, CancellationToken token) =>
        HandleAsync(read, source, turn, only: null, token);

    private ValueTask<RegistryAnswer> HandleAsync(ReadOnlyMemory<byte> content, RequestSource source, string only, CancellationToken token) =>
        HandleAsync(ReadRequest.Of(content, Parser), source, turn: null, only, token);

    private async ValueTask<RegistryAnswer> HandleAsync(
        ReadRequest read, RequestSource source, MutationTurn? turn, string? only, CancellationToken token)
    {
        ArgumentNullException.ThrowIfNull(source);
        using var writer = new AnswerWriter();
        var measure = _instruments.Begin(read.Request);
        Code? code = null;
        try
        {
            if (read.Request is not { } request)
            {
                writer.WriteError(ErrorAnswer.From(read.Fault));
                code = writer.Code;
                return new(writer.Json.ToArray(), read.Fault.EndsConnection, HasShownCredential: false);
            }

            var identity = only is null || only == WordOf(request)
                ? await AnswerAsync(request, source, turn, writer, token)
                : Refuse(writer, Code.UnknownCommand);
            if (identity.Code != Code.Ok) Note(request, source, identity);
            code = writer.Code;
            if (code == Code.Ok && request.Command.Network is { } network) _instruments.Count(network);
            return new(writer.Json.ToArray(), CloseAfter: false, HasShownCredential: identity.Actor is { Kind: not ActorKind.Key });
        }
        catch (ReplicaUnavailableException)
        {
            Refuse(writer, Code.Unavailable);
            code = writer.Code;
            return new(writer.Json.ToArray(), CloseAfter: false, HasShownCredential: false);
        }
        finally
        {
            measure.End(code);
        }
    }

    private ValueTask<Identity> AnswerAsync(
        Request request, RequestSource source, MutationTurn? turn, AnswerWriter writer, CancellationToken token)
    {
        if (!_replica.IsStarted) return new(Refuse(writer, Code.Unavailable));
        if (_authenticator.CheckPresentation(request, source) is var code and not Code.Ok) return new(Refuse(writer, code));
        return request.Command switch
        {
            MutationCommand command => _mutations.HandleAsync(request, command, source, turn, writer, token),
            Protocol.Requests.Watch watch => _watches.HandleAsync(request, watch, source, writer, token),
            Query query and (GetStatus or OperatorCommand) => _operators.HandleAsync(request, query, source, writer, token),
            Query query => _queries.HandleAsync(request, query, source, writer, token),
            _ => new(Refuse(writer, Code.UnknownCommand)),
        };
    }

    private void Note(Request request, RequestSource source, Identity identity)
    {
        if (identity.IsFailure) source.Limits?.CountFailure(source.Address);
        _logger.CredentialRefused(request.Type, source.Address, identity.Code.ToName());
    }

    private static Identity Refuse(AnswerWriter writer, Code code)
    {
        writer.WriteError(new(code));
        return Identity.Nobody;
    }

    // A stock word counts as the command that it stands for.
    private static string WordOf(Request request) =>
        request.Command is MutationCommand command ? command.Mutation.Kind.ToText() : request.Type;
}
