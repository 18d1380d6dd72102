using System.Buffers;
using ClusterTrail.Agent.Sources.Journal;
using ClusterTrail.Agent.Telemetry;

namespace ClusterTrail.Agent.Sources.Admission;

/// <summary>Holds events in memory until the journal has them.</summary>
/// <remarks>
/// Guarantees: an offer never waits for the disk; what is accepted is in the journal once, or is declared lost there and counted, also
/// after a SIGKILL; memory is bounded. What the journal cannot take now stays here.
/// </remarks>
sealed class AdmissionQueue : IDisposable
{
    const int MostTogether = 1024;
    const int MostBytesTogether = 8 << 20;

    static readonly TimeSpan AgainAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a stopping agent tries to write what it holds.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    readonly EventJournal journal;
    readonly HeldReviews held;
    readonly Action<LossReason, long> lost;
    readonly TimeProvider time;
    readonly Lock gate = new();
    readonly LinkedList<WaitingEvent> waiting = [];
    readonly HashSet<GroupKey> keys = [];
    readonly SemaphoreSlim signal = new(0);
    long bytes;

    /// <param name="lost">Counts what is lost.</param>
    public AdmissionQueue(EventJournal journal, HeldReviews held, long maxBytes, Action<LossReason, long> lost, TimeProvider time)
    {
        (this.journal, this.held, MaxBytes, this.lost, this.time) = (journal, held, maxBytes, lost, time);
    }

    public long MaxBytes { get; }

    /// <summary>What waits. For other threads.</summary>
    public (long Events, long Bytes) Level
    {
        get
        {
            lock (gate)
                return (waiting.Count, bytes);
        }
    }

    /// <summary>How many events an earlier agent has lost, as far as they are not counted yet. For other threads.</summary>
    public long Uncounted
    {
        get
        {
            lock (gate)
                return held.Left;
        }
    }

    /// <summary>Takes an event, which is copied, or counts it as lost.</summary>
    public OfferAnswer Offer(GroupKey key, ReadOnlySpan<byte> line)
    {
        if (journal.Knows(key))
            return OfferAnswer.Repeated;
        var now = time.GetUtcNow();
        lock (gate)
        {
            if (keys.Contains(key))
                return OfferAnswer.Repeated;
            if (bytes + line.Length > MaxBytes || !held.TryTake(key, line.Length, now, out var place))
            {
                held.Lose(line.Length, now);
                lost(LossReason.QueueFull, 1);
                return OfferAnswer.Lost;
            }

            var buffer = ArrayPool<byte>.Shared.Rent(line.Length);
            line.CopyTo(buffer);
            var added = new WaitingEvent(key, buffer, line.Length, place);
            added.Node = waiting.AddLast(added);
            keys.Add(key);
            bytes += line.Length;
            if (signal.CurrentCount == 0)
                signal.Release();
            return OfferAnswer.Accepted;
        }
    }

    /// <summary>Notes a review that could not even be read, or not be made an event.</summary>
    public void Lose(LossReason reason)
    {
        lock (gate)
            held.Lose(0, time.GetUtcNow());
        lost(reason, 1);
        if (signal.CurrentCount == 0)
            signal.Release();
    }

    /// <summary>Writes until it is stopped, and then what is left.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        long? stoppedAt = null;
        while (true)
        {
            var isWritten = await TryWriteAsync() && await TryDeclareAsync();
            if (stopping.IsCancellationRequested)
            {
                stoppedAt ??= time.GetTimestamp();
                if ((isWritten && IsEmpty) || time.GetElapsedTime(stoppedAt.Value) > Grace)
                    return;
            }

            if (!isWritten)
                await Task.Delay(AgainAfter, time, CancellationToken.None);
            else if (!stopping.IsCancellationRequested && IsEmpty)
                await signal.WaitAsync(stopping).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    public void Dispose()
    {
        held.Dispose();
        signal.Dispose();
    }

    bool IsEmpty
    {
        get
        {
            lock (gate)
                return waiting.Count == 0 && !held.HasLoss;
        }
    }

    // False when something could not be written, and stays.
    async Task<bool> TryWriteAsync()
    {
        var taken = Peek();
        if (taken.Count == 0)
            return true;
        var answers = await Task.WhenAll(taken.Select(one => journal.AppendAsync(one.Key, one.Buffer.AsMemory(0, one.Length))));
        lock (gate)
        {
            // Those that stay are the first ones again.
            for (var at = 0; at < taken.Count; at++)
            {
                if (answers[at] is JournalAnswer.Stored or JournalAnswer.Known)
                    Return(taken[at]);
            }
        }

        return answers.All(answer => answer is JournalAnswer.Stored or JournalAnswer.Known);
    }

    List<WaitingEvent> Peek()
    {
        var (taken, together) = (new List<WaitingEvent>(), 0L);
        lock (gate)
        {
            for (var node = waiting.First; node is not null; node = node.Next)
            {
                together += node.Value.Length;
                if (taken.Count >= MostTogether || (taken.Count > 0 && together > MostBytesTogether))
                    break;
                taken.Add(node.Value);
            }
        }

        return taken;
    }

    void Return(WaitingEvent one)
    {
        waiting.Remove(one.Node!);
        keys.Remove(one.Key);
        bytes -= one.Length;
        held.Return(one.Place);
        ArrayPool<byte>.Shared.Return(one.Buffer);
    }

    // A loss is a line of the journal, so that the reader finds it where it belongs, and once.
    async Task<bool> TryDeclareAsync()
    {
        while (true)
        {
            UndeclaredLoss? loss;
            lock (gate)
                loss = held.NextLoss();
            if (loss is null)
                return true;
            var (events, bytes, since, until) = loss.Losses;
            var answer = await journal.AppendAsync(loss.Key, JournalLine.Lost(events, bytes, (since, until), $"{loss.Reason}"));
            if (answer is not (JournalAnswer.Stored or JournalAnswer.Known))
                return false;
            // Those without room were counted when they came. What is known was counted by the agent that declared it.
            lock (gate)
            {
                held.NoteDeclared(loss);
                if (loss.Reason == LossReason.Crash && answer == JournalAnswer.Stored)
                    lost(LossReason.Crash, events);
            }
        }
    }

    sealed class WaitingEvent(GroupKey key, byte[] buffer, int length, int place)
    {
        public GroupKey Key => key;

        public byte[] Buffer => buffer;

        public int Length => length;

        public int Place => place;

        public LinkedListNode<WaitingEvent>? Node { get; set; }
    }
}
