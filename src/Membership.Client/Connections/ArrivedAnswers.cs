using Membership.Protocol.Answers;

namespace Membership.Client;

/// <summary>Answers that were read and not handed over yet: mostly one.</summary>
internal struct ArrivedAnswers
{
    private PendingAnswer? _first;
    private Answer? _answer;
    private Group? _group;

    /// <summary>
    /// Whether this thread hands over several, of whatever connection: those who wait for them go on one after another, and mostly each has
    /// a next request.
    /// </summary>
    public static bool AreManyHandedOver => Group.IsHandedOverHere;

    public void Add(PendingAnswer pending, Answer answer)
    {
        if (_first is null) (_first, _answer) = (pending, answer);
        else (_group ??= new(_first, _answer!)).Add(pending, answer);
    }

    /// <summary>Hands them over, and begins with each in their order.</summary>
    public readonly void HandOver()
    {
        if (_group is null) _first?.Arrive(_answer!);
        else _group.HandOver();
    }

    // Whoever goes on with an answer may wait for another one of the group, so the pool hands over what is left while this thread is held up.
    private sealed class Group : IThreadPoolWorkItem
    {
        [ThreadStatic]
        private static bool _isHandedOverHere;

        private readonly List<(PendingAnswer Pending, Answer Answer)> _all;
        private int _next = -1;

        public Group(PendingAnswer first, Answer answer) => _all = [(first, answer)];

        public static bool IsHandedOverHere => _isHandedOverHere;

        public void Add(PendingAnswer pending, Answer answer) => _all.Add((pending, answer));

        public void HandOver()
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            Execute();
        }

        public void Execute()
        {
            var was = _isHandedOverHere;
            _isHandedOverHere = true;
            try
            {
                for (var i = Interlocked.Increment(ref _next); i < _all.Count; i = Interlocked.Increment(ref _next)) _all[i].Pending.Arrive(_all[i].Answer);
            }
            finally
            {
                _isHandedOverHere = was;
            }
        }
    }
}
