using System.Collections.Concurrent;
using ClusterTrail.Testing;

namespace ClusterTrail.Fixtures;

/// <summary>Which test used which servers.</summary>
static class UsedLogs
{
    static readonly ConcurrentDictionary<string, ConcurrentBag<ServerLogs>> OfTests = new();

    public static void Note(ServerLogs logs)
    {
        if (TestContext.Current.Test is { } test)
            OfTests.GetOrAdd(test.UniqueID, _ => []).Add(logs);
    }

    public static IEnumerable<ServerLogs> Take(string test) => OfTests.TryRemove(test, out var logs) ? logs.Distinct() : [];
}
