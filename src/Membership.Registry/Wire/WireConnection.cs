using System.Threading.Channels;
using Membership.Registry.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Membership.Registry.Wire;

/// <summary>
/// One connection of a client. One loop reads frames and has them handled, in order as <see cref="RequestOrder"/> says; another one sends
/// the answers in the order of the requests.
/// </summary>
internal sealed class WireConnection : IDisposable
{
    // A socket that is closed with bytes unread resets the connection, and the client may lose the answer that says why.
    private static readonly TimeSpan DiscardQuiet = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan DiscardLimit = TimeSpan.FromSeconds(2);

    private readonly ConnectionContext _context;
    private readonly RequestSource _source;
    private readonly SourcePlace? _place;
    private readonly WireServices _services;
    private readonly ClientMemory _memory;
    private readonly FrameReader _frames;
    private readonly AnswerSender _sender;
    private readonly SemaphoreSlim _slots;
    private readonly Channel<DueAnswer> _due = Channel.CreateUnbounded<DueAnswer>(
        new() { SingleReader = true, SingleWriter = true, AllowSynchronousContinuations = true });
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _broken = new();
    private readonly Lock _sync = new();
    private readonly OwedAnswers _owed;
    private Turn _turn;
    private bool _isOver;
    private bool _isRefused;
    private long _lastActive;

    public WireConnection(ConnectionContext context, RequestSource source, SourcePlace? place, WireServices services)
    {
        _context = context;
        _source = source;
        _place = place;
        _services = services;
        _memory = source.Memory ?? new();
        _frames = new(context.Transport.Input, services.Options, services.Room, _memory, context.Features.Get<IConnectionSocketFeature>()?.Socket);
        _sender = new(context.Transport.Output, services.Time);
        _slots = new(services.Options.InFlightMax);
        _owed = new(services.Options.InFlightMax);
        _lastActive = services.Time.GetTimestamp();
    }

    /// <summary>Serves the client until either side ends it.</summary>
    public async Task RunAsync()
    {
        var sending = SendAllAsync();
        try
        {
            await ReceiveAllAsync();
        }
        catch (Exception e) when (IsBreak(e))
        {
            // The client is gone or was cut off: there is nobody to tell.
            Break();
        }
        finally
        {
            _due.Writer.Complete();
            await sending;
        }

        if (_isRefused && !_broken.IsCancellationRequested) await _frames.DiscardAsync(DiscardQuiet, DiscardLimit, _services.Time);
    }

    /// <summary>Takes no more requests, answers those under way, and gives up one that merely waits for events.</summary>
    public void End()
    {
        lock (_sync)
        {
            if (_isOver) return;
            _ = _ending.CancelAsync();
            _frames.Cancel();
        }
    }

    /// <summary>Cuts the connection, whatever is under way.</summary>
    public void Cut(string reason)
    {
        lock (_sync)
        {
            if (_isOver) return;
            _ = _broken.CancelAsync();
            _context.Abort(new ConnectionAbortedException(reason));
        }
    }

    /// <summary>Ends the connection when it has been idle too long, and cuts it when the client does not read.</summary>
    public void EndIfLate()
    {
        var options = _services.Options;
        if (_sender.IsStalled(options.StallTimeout))
        {
            Cut("The client takes no answers.");
            return;
        }

        var isIdle = _owed.AreAllGiven
            && _services.Time.GetElapsedTime(Interlocked.Read(ref _lastActive)) > options.IdleTimeout;
        if (isIdle) End();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_sync) _isOver = true;
        _frames.Dispose();
        _slots.Dispose();
        _ending.Dispose();
        _broken.Dispose();
    }

    private static bool IsBreak(Exception e) => e is OperationCanceledException or IOException;

    // Whatever is under way may still come about, but nobody waits for it.
    private void Break()
    {
        _broken.Cancel();
        _frames.Cancel();
    }

    private async Task ReceiveAllAsync()
    {
        while (true)
        {
            await _slots.WaitAsync(_broken.Token);
            if (_ending.IsCancellationRequested) return;
            var frame = await _frames.ReadAsync(SettleAsync);
            ResumeIfQuiet();
            if (frame.Refusal is { } refusal)
            {
                _memory.Refuse();
                _services.Room.Take(refusal.Content.Length);
                if ((await Owe(refusal)).CloseAfter) return;
            }
            else if (frame.Content is not { } content || !await TakeAsync(content))
            {
                return;
            }
        }
    }

    // The client had sent nothing more when it was told of the refusal, so whatever comes now it has sent knowing of it.
    private void ResumeIfQuiet()
    {
        if (_memory.IsRefusing && _frames.WasQuiet && _owed.AreAllGiven) _memory.Resume();
    }

    // False when the connection ends with this request.
    private async ValueTask<bool> TakeAsync(byte[] content)
    {
        if (_place is { } source && !source.TryBegin())
        {
            _memory.Refuse();
            _services.Room.Take(ErrorContent.Overloaded.Content.Length);
            _ = Owe(ErrorContent.Overloaded);
            return true;
        }

        var request = ReadRequest.Of(content, _services.Parser);
        var turn = RequestOrder.Of(request);
        try
        {
            if (turn != _turn || turn is Turn.Alone or Turn.Waiting) await SettleAsync();
        }
        catch
        {
            // Nobody owes the answer yet, so nobody else would give the room back.
            _place?.End();
            throw;
        }

        _turn = turn;
        switch (turn)
        {
            case Turn.Beside:
                _ = Owe(request, turn: null, _broken.Token);
                return true;
            case Turn.InOrder:
                await FollowAsync(request);
                return true;
            default:
                return !await WaitAsync(request, turn);
        }
    }

    // True when the connection ends with it.
    private async ValueTask<bool> WaitAsync(ReadRequest request, Turn turn)
    {
        if (turn != Turn.Waiting) return (await Owe(request, turn: null, _broken.Token)).CloseAfter;

        // Nothing is read meanwhile, so only the transport knows of a client that goes.
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(_broken.Token, _ending.Token, _context.ConnectionClosed);
        return (await Owe(request, turn: null, giveUp.Token)).CloseAfter;
    }

    // Returns when the next one may begin: mostly at once, as this one is proposed by then.
    private ValueTask FollowAsync(ReadRequest request)
    {
        var turn = new MutationTurn(_owed, _owed.Mark);
        var answer = Owe(request, turn, _broken.Token);
        return answer.IsCompleted || turn.Proposed is { IsCompleted: true } ? default : new(Task.WhenAny(answer, turn.Proposed));
    }

    private async Task SettleAsync()
    {
        await _owed.UntilMadeAsync(_owed.Mark);
        _broken.Token.ThrowIfCancellationRequested();
    }

    private Task<RegistryAnswer> Owe(ReadRequest request, MutationTurn? turn, CancellationToken token)
    {
        var answer = HandleAsync(request, turn, _owed.Owe(), token);
        _due.Writer.TryWrite(new(answer, _frames.Pass(), _place));
        return answer;
    }

    private Task<RegistryAnswer> Owe(RegistryAnswer refusal)
    {
        _owed.Make(_owed.Owe());
        var answer = Task.FromResult(refusal);
        _due.Writer.TryWrite(new(answer, _frames.Pass(), Place: null));
        return answer;
    }

    private async Task<RegistryAnswer> HandleAsync(ReadRequest request, MutationTurn? turn, long number, CancellationToken token)
    {
        try
        {
            var answer = await _services.Handle(request, _source, turn, token);
            _services.Room.Take(answer.Content.Length);
            if (answer.HasShownCredential) _memory.Know();
            return answer;
        }
        catch (Exception e)
        {
            // Before anybody hears that it is over: what waits behind it must not begin.
            Break();
            if (e is OperationCanceledException) throw;
            _services.Logger.RequestUnanswered(e);
            throw new ConnectionAbortedException("A request ended without an answer.", e);
        }
        finally
        {
            _owed.Make(number);
        }
    }

    private async Task SendAllAsync()
    {
        while (_due.Reader.TryRead(out var due) || (await _due.Reader.WaitToReadAsync() && _due.Reader.TryRead(out due)))
        {
            var (held, isGiven) = (due.FrameBytes, false);
            try
            {
                var answer = await due.Answer;
                held += answer.Content.Length;
                var isWritten = !_isRefused && !_broken.IsCancellationRequested && await WriteAsync(answer);

                // Before the client can know the answer: the next request finds free what this one held, and that nothing is owed.
                Give(due, held, ref isGiven);
                if (isWritten) await FlushAsync();
            }
            catch (Exception e)
            {
                // Whatever it is, the places and bytes of all that are due have to be given back.
                if (!IsBreak(e)) _services.Logger.AnswerUnsent(e);
                Break();
            }
            finally
            {
                Give(due, held, ref isGiven);
                _slots.Release();
            }
        }
    }

    private void Give(in DueAnswer due, long held, ref bool isGiven)
    {
        if (isGiven) return;
        isGiven = true;
        Interlocked.Exchange(ref _lastActive, _services.Time.GetTimestamp());
        due.Place?.End();
        _services.Room.Release(held);
        _owed.Give();
    }

    private async ValueTask<bool> WriteAsync(RegistryAnswer answer)
    {
        _isRefused = answer.CloseAfter;
        if (await _sender.WriteAsync(answer.Content)) return true;
        Break();
        return false;
    }

    private async ValueTask FlushAsync()
    {
        var isMoreReady = _due.Reader.TryPeek(out var next) && next.Answer.IsCompleted;
        if ((_isRefused || !isMoreReady) && !await _sender.FlushAsync()) Break();
        else if (_isRefused) End();
    }
}
