using ClusterTrail.Agent.Sources.Feeds;

namespace ClusterTrail.Agent.Tests.Sources.Feeds;

/// <summary>What a follower reported.</summary>
sealed class SilentFeedLog : IFeedLog
{
    public FeedCounts Counts { get; private set; }

    public List<(string Name, bool IsAside)> Failures { get; } = [];

    public List<string> GoneObjects { get; } = [];

    public (int Count, int Aside, string? First) NowFailing { get; private set; }

    public (long Late, long Missed) Passes { get; private set; }

    public long ExpiredMessages { get; private set; }

    public List<string> ReplacedPartitions { get; } = [];

    public int Strange { get; private set; }

    public int Answers { get; private set; }

    public void Answered() => Answers++;

    public void Stored(FeedCounts counts) => Counts += counts;

    public void Read(DateTimeOffset at)
    {
    }

    public void Gone(string name, string reason) => GoneObjects.Add(name);

    public void Failed(string name, string reason, bool isAside) => Failures.Add((name, isAside));

    public void Failing(int count, int aside, string? first) => NowFailing = (count, aside, first);

    public void Passed(long late, long missed) => Passes = (late, missed);

    public void Expired(string partition, long messages) => ExpiredMessages += messages;

    public void Replaced(string partition) => ReplacedPartitions.Add(partition);

    public void NotUnderstood() => Strange++;
}
