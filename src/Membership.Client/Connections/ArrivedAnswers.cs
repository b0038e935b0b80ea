using Membership.Protocol.Answers;

namespace Membership.Client;

/// <summary>Answers that were read and not handed over yet: mostly one.</summary>
internal struct ArrivedAnswers
{
    private PendingAnswer? _first;
    private Answer? _answer;
    private List<(PendingAnswer Pending, Answer Answer)>? _more;

    public void Add(PendingAnswer pending, Answer answer)
    {
        if (_first is null) (_first, _answer) = (pending, answer);
        else (_more ??= []).Add((pending, answer));
    }

    /// <summary>Hands them over, in their order.</summary>
    public readonly void HandOver()
    {
        _first?.Arrive(_answer!);
        if (_more is null) return;
        foreach (var (pending, answer) in _more) pending.Arrive(answer);
    }
}
