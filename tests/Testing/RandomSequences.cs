using System.Collections.Concurrent;
using System.Globalization;

namespace ClusterTrail.Testing;

/// <summary>How many random sequences a model is held to.</summary>
public static class RandomSequences
{
    const int FastShare = 10;

    /// <summary>Whether there are so few that not each case needs to occur.</summary>
    public static bool IsFast { get; } = Environment.GetEnvironmentVariable("CLUSTERTRAIL_TEST_FAST") is { Length: > 0 };

    static readonly bool IsOne = Environment.GetEnvironmentVariable("CLUSTERTRAIL_TEST_ONE") is { Length: > 0 };

    static readonly int Times = Number("CLUSTERTRAIL_TEST_SEQUENCES", 1);

    /// <summary>The first seed: another one tries other sequences; with CLUSTERTRAIL_TEST_ONE only that one.</summary>
    public static int FirstSeed { get; } = Number("CLUSTERTRAIL_TEST_SEED", 1);

    /// <summary>All of them, or the first tenth under <c>test.sh --fast</c>; so many times as many as CLUSTERTRAIL_TEST_SEQUENCES
    /// says.</summary>
    public static int Of(int all) => IsOne ? 1 : (IsFast ? all / FastShare : all) * Times;

    /// <summary>Runs a sequence for each seed, on threads of its own: whoever waits for a timer meanwhile needs those of the
    /// pool.</summary>
    /// <param name="sequences">How many, before <see cref="Of"/>.</param>
    /// <param name="run">Throws when the model does not hold.</param>
    /// <exception cref="InvalidOperationException">Names each seed that failed, and all that is known of the one with the shortest
    /// message.</exception>
    public static void Run(int sequences, Action<int> run)
    {
        var next = FirstSeed - 1;
        var end = FirstSeed + Of(sequences);
        var failures = new ConcurrentBag<(int Seed, string Message)>();
        List<Thread> threads = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() =>
        {
            for (var seed = Interlocked.Increment(ref next); seed < end; seed = Interlocked.Increment(ref next))
            {
                try
                {
                    run(seed);
                }
                catch (Exception e)
                {
                    failures.Add((seed, $"{e.Message}\n{e.StackTrace}"));
                }
            }
        }))];
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        if (!failures.IsEmpty)
        {
            throw new InvalidOperationException(Summary([.. failures.OrderBy(failure => failure.Message.Length)], end - FirstSeed));
        }
    }

    static string Summary(List<(int Seed, string Message)> failures, int of)
    {
        var seeds = failures.Take(20).Select(failure => $"seed {failure.Seed}: {failure.Message.Split('\n')[0]}");
        return string.Join('\n', [$"{failures.Count} of {of} failed:", .. seeds, "", failures[0].Message]);
    }

    static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
