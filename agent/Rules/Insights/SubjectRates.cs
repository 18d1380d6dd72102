using System.Text;

namespace ClusterTrail.Rules.Insights;

/// <summary>One user, or one kind of calls, judged by minutes that somebody else counted.</summary>
/// <param name="subject">Whose calls are counted.</param>
sealed class SubjectRates(RateSubject subject)
{
    readonly List<RateInsight> found = [];
    readonly List<RateMinute> minutes = [];
    RateInsights? rates;

    /// <summary>The starts and ends of unusual stretches.</summary>
    public IReadOnlyList<RateInsight> Found => found;

    /// <summary>What is to be drawn.</summary>
    public IReadOnlyList<RateMinute> Minutes => minutes;

    /// <summary>What <see cref="Minutes"/> have.</summary>
    public required RateMeasure Measure { get; init; }

    /// <summary>Takes the next minute in which the source had any event.</summary>
    public void Take(Minute minute, int calls, int errors)
    {
        rates ??= new(capacity: 1) { Closing = (key, at) => minutes.Add(key.MinuteOf(Measure, at)) };
        if (calls > 0)
        {
            var key = Count();
            (key.Calls, key.Errors) = (calls, errors);
        }

        rates.Close(minute, isWhole: true, found);
    }

    RateKey Count() => subject.User is { } user
        ? rates!.CountUser(0, Encoding.UTF8.GetBytes(user), isError: false)
        : rates!.CountKind(0, Bytes(subject.Verb), Bytes(subject.ApiGroup), Bytes(subject.Resource), isError: false);

    static byte[] Bytes(string? text) => Encoding.UTF8.GetBytes(text ?? "");
}
