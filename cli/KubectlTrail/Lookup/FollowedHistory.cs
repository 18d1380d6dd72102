using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;

namespace ClusterTrail.Kubectl.Lookup;

/// <summary>A history of which each object is there once: when it arrives. One that cannot be read for a while is there again.</summary>
/// <remarks>
/// Guarantees: no record is given twice, also of an object that failed in its middle; what is remembered is bounded by what is listed.
/// </remarks>
sealed class FollowedHistory(IHistory inner) : IHistory
{
    // In rounds, of 5 s each.
    const int LongestPause = 64;

    readonly ConcurrentDictionary<string, Failing> failing = new(StringComparer.Ordinal);
    readonly Lock remembering = new();
    readonly HashSet<UInt128> done = [];
    long round;

    /// <summary>How many objects are remembered.</summary>
    internal int Remembered => done.Count + failing.Count;

    public async Task<IReadOnlyList<ObjectSpan>> ListAsync(
        ObjectScope scope, Action<TrailException> report, CancellationToken cancellationToken)
    {
        round++;
        var isWhole = true;
        var listed = await inner.ListAsync(scope, Note, cancellationToken);
        if (isWhole)
            Forget(listed);
        foreach (var waiting in failing.Values.Where(one => one.Round > round))
            report(waiting.Problem);
        return [.. listed.Where(span => IsDue(span.Object))];

        void Note(TrailException problem)
        {
            isWhole = false;
            report(problem);
        }
    }

    public async Task ReadAsync(
        ArchiveObject one, Func<ReadOnlyMemory<byte>, bool> take, Action<TrailException> report, CancellationToken cancellationToken)
    {
        var before = failing.GetValueOrDefault(one.Key);
        var (taken, passing) = (0L, (TrailException?)null);
        await inner.ReadAsync(one, Take, Note, cancellationToken);
        if (passing is not null)
        {
            var attempts = (before?.Attempts ?? 0) + 1;
            var pause = Math.Min(1L << Math.Min(attempts - 1, 30), LongestPause);
            failing[one.Key] = new(Math.Max(taken, before?.Taken ?? 0), attempts, round + pause, passing);
            return;
        }

        failing.TryRemove(one.Key, out _);
        lock (remembering)
            done.Add(Mark(one.Key));

        bool Take(ReadOnlyMemory<byte> record) => ++taken <= (before?.Taken ?? 0) || take(record);

        void Note(TrailException problem)
        {
            if (LastingProblems.CanPass(problem))
                passing = problem;
            report(problem);
        }
    }

    bool IsDue(ArchiveObject one)
    {
        lock (remembering)
            return !done.Contains(Mark(one.Key)) && !(failing.TryGetValue(one.Key, out var its) && its.Round > round);
    }

    // What is not listed any more was deleted.
    void Forget(IReadOnlyList<ObjectSpan> listed)
    {
        foreach (var gone in failing.Keys.Except(listed.Select(span => span.Object.Key)))
            failing.TryRemove(gone, out _);
        lock (remembering)
            done.IntersectWith(listed.Select(span => Mark(span.Object.Key)));
    }

    // 16 bytes and not the name: there may be two million.
    static UInt128 Mark(string key) =>
        BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <param name="Taken">How many records were given.</param>
    /// <param name="Round">When it is tried again.</param>
    sealed record Failing(long Taken, int Attempts, long Round, TrailException Problem);
}
