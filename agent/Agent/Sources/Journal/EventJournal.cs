using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;

namespace ClusterTrail.Agent.Sources.Journal;

/// <summary>
/// Keeps on disk what is received and cannot be asked for again, until the pipeline has it: <see cref="JournalSource"/> reads it.
/// </summary>
/// <remarks>
/// Guarantees: a group that is <see cref="JournalAnswer.Stored"/> or <see cref="JournalAnswer.Known"/> survives a power cut; it is there
/// whole or not at all, and once, however often it is sent within <see cref="KnownGroups.Window"/>, also across crashes. What is not
/// committed to the spool is never deleted. Groups that come together share one <c>fsync</c>.
/// </remarks>
sealed class EventJournal : IDisposable
{
    const int MostSegmentBytes = 64 << 20;
    const int LeastSegmentBytes = 1 << 20;

    // What is written before one fsync: more would only make who came first wait.
    const int MostTogether = 64 << 20;

    readonly JournalFolder folder;
    readonly long maxBytes;
    readonly TimeProvider time;
    readonly Action ensureHeld;
    readonly Lock gate = new();
    readonly KnownGroups known;
    readonly Dictionary<GroupKey, Task<JournalAnswer>> waiting = [];
    readonly BlockingCollection<JournalWrite> queue = [];
    readonly JournalSegments segments;
    readonly Thread writer;
    SafeFileHandle live;
    long queuedBytes;
    volatile JournalEnd end;
    volatile string? problem;

    /// <param name="window">How long a group is known. The default is <see cref="KnownGroups.Window"/>.</param>
    /// <exception cref="IOException">What an earlier run left cannot be read, or nothing can be written.</exception>
    public EventJournal(string path, long maxBytes, TimeProvider time, Action ensureHeld, TimeSpan? window = null)
    {
        (folder, this.maxBytes, this.time, this.ensureHeld) = (new(path), maxBytes, time, ensureHeld);
        known = new(window ?? KnownGroups.Window);
        ensureHeld();
        segments = new(folder);
        (live, end) = segments.Recover(known);
        known.Forget(time.GetUtcNow());
        writer = new(Write) { IsBackground = true, Name = "journal" };
        writer.Start();
    }

    /// <summary>How far it may be read. For other threads.</summary>
    public JournalEnd End => end;

    /// <summary>What it takes on disk. For other threads.</summary>
    public long Bytes => segments.BytesFrom(0);

    public long MaxBytes => maxBytes;

    /// <summary>Why it cannot be written; null if it can. For other threads.</summary>
    public string? Problem => problem;

    /// <summary>The numbers of its segments, oldest first. For other threads.</summary>
    public IReadOnlyList<long> Segments => segments.Numbers;

    /// <summary>What these and later segments take. For other threads.</summary>
    public long BytesFrom(long number) => segments.BytesFrom(number);

    /// <summary>The path of a segment.</summary>
    public string PathOf(long number) => folder.PathOf(number);

    /// <summary>Whether a group is on disk that came within the window. For all threads.</summary>
    public bool Knows(GroupKey key)
    {
        lock (gate)
            return known.Contains(key);
    }

    /// <summary>Writes a group to disk, unless it is there.</summary>
    /// <param name="lines">Each ends with a newline and begins with '{', or is a <see cref="JournalLine.Lost"/>. They must not change
    /// until the task has ended.</param>
    public Task<JournalAnswer> AppendAsync(GroupKey key, ReadOnlyMemory<byte> lines)
    {
        lock (gate)
        {
            if (known.Contains(key))
                return Task.FromResult(JournalAnswer.Known);
            // Its sender gave up waiting, and sends it again.
            if (waiting.TryGetValue(key, out var same))
                return AfterAsync(same);
            if (Bytes + queuedBytes + lines.Length > maxBytes)
                return Task.FromResult(JournalAnswer.Full);
            var write = new JournalWrite(key, lines);
            waiting[key] = write.Answer.Task;
            queuedBytes += lines.Length;
            queue.Add(write);
            return write.Answer.Task;
        }
    }

    /// <summary>Deletes the segments before this one: they are committed. What cannot be deleted now is the next time.</summary>
    public void Release(long before)
    {
        try
        {
            foreach (var number in Segments.TakeWhile(number => number < before && number < end.Segment))
            {
                ensureHeld();
                segments.Delete(number);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = e.Message;
        }
    }

    /// <summary>Writes what was handed over, and ends.</summary>
    public void Dispose()
    {
        queue.CompleteAdding();
        writer.Join();
        queue.Dispose();
        live.Dispose();
    }

    static async Task<JournalAnswer> AfterAsync(Task<JournalAnswer> first) =>
        await first is JournalAnswer.Stored ? JournalAnswer.Known : await first;

    void Write()
    {
        var group = new List<JournalWrite>();
        while (queue.TryTake(out var first, Timeout.Infinite))
        {
            group.Add(first);
            var bytes = first.Lines.Length;
            while (bytes < MostTogether && queue.TryTake(out var next))
            {
                group.Add(next);
                bytes += next.Lines.Length;
            }

            var answer = TryWrite(group);
            Answer(group, answer);
            group.Clear();
        }
    }

    JournalAnswer TryWrite(List<JournalWrite> group)
    {
        try
        {
            ensureHeld();
            if (end.Length >= Math.Clamp(maxBytes / 16, LeastSegmentBytes, MostSegmentBytes))
                Rotate();
            // Over what a failed try left.
            var at = end.Length;
            foreach (var one in group)
            {
                var last = JournalLine.End(one.Lines.Span, time.GetUtcNow(), one.Key);
                RandomAccess.Write(live, one.Lines.Span, at);
                RandomAccess.Write(live, last, at + one.Lines.Length);
                at += one.Lines.Length + last.Length;
            }

            RandomAccess.FlushToDisk(live);
            end = new(end.Segment, at);
            problem = null;
            return JournalAnswer.Stored;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whoever sent them sends them again. What was written of them is cut off, so that a full disk has room for the rest.
            problem = e.Message;
            TryCut();
            return JournalAnswer.Failed;
        }
    }

    void Rotate()
    {
        lock (gate)
            known.Forget(time.GetUtcNow());
        // First: the next start asks only the newest segment for what it knows.
        folder.SaveKnown(known);
        var (next, begun) = segments.Begin(end.Segment + 1);
        live.Dispose();
        (live, end) = (next, begun);
    }

    void TryCut()
    {
        try
        {
            RandomAccess.SetLength(live, end.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next try writes over it, and a start cuts it off.
        }
    }

    void Answer(List<JournalWrite> group, JournalAnswer answer)
    {
        segments.SetLength(end);
        lock (gate)
        {
            foreach (var one in group)
            {
                waiting.Remove(one.Key);
                queuedBytes -= one.Lines.Length;
                if (answer == JournalAnswer.Stored)
                    known.Add(one.Key, time.GetUtcNow());
            }
        }

        foreach (var one in group)
            one.Answer.SetResult(answer);
    }

    sealed record JournalWrite(GroupKey Key, ReadOnlyMemory<byte> Lines)
    {
        public TaskCompletionSource<JournalAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
