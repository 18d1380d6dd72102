using System.Threading.Channels;

namespace ClusterTrail.Kubernetes.Control;

/// <summary>Keys that wait for attention.</summary>
/// <remarks>
/// Guarantees: a key added many times is handed out once; never to two workers at the same time; once more if it was added while a worker
/// had it. Of several times at which a key should be handed out, the first counts. No operation looks at all keys. Parties take turns.
/// </remarks>
public sealed class WorkQueue<TKey> : IDisposable where TKey : notnull
{
    readonly TimeProvider time;
    readonly Backoff backoff;
    readonly Lock guard = new();
    readonly FairQueue<TKey> ready;
    // One for each key in `ready`, for workers to wait for.
    readonly Channel<bool> tickets = Channel.CreateUnbounded<bool>();
    // Wanted: ready, or to be made ready when its worker is done.
    readonly HashSet<TKey> wanted = [];
    readonly HashSet<TKey> taken = [];
    // An entry that is not in `due` any more, or has another time there, is ignored when its turn comes.
    readonly PriorityQueue<TKey, long> later = new();
    readonly Dictionary<TKey, long> due = [];
    readonly Dictionary<TKey, int> failures = [];
    readonly ITimer timer;
    readonly long origin;
    long wakesAt = long.MaxValue;

    /// <param name="time">What delays are measured by.</param>
    /// <param name="backoff">How long after a failure a key comes again.</param>
    /// <param name="partyOf">Whose a key is. The default is one party: the first key that is ready is the first to be handed out.</param>
    public WorkQueue(TimeProvider time, Backoff backoff, Func<TKey, string>? partyOf = null)
    {
        (this.time, this.backoff, origin, ready) = (time, backoff, time.GetTimestamp(), new(partyOf ?? (_ => "")));
        timer = time.CreateTimer(_ => Wake(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many keys wait for a worker now; not those that are to wait for their time.</summary>
    public int Depth => tickets.Reader.Count;

    /// <summary>Whether no key waits for a worker, and none is being worked on. Keys may still wait for their time.</summary>
    public bool IsIdle
    {
        get
        {
            lock (guard)
            {
                return wanted.Count == 0 && taken.Count == 0;
            }
        }
    }

    public void Add(TKey key)
    {
        lock (guard)
        {
            due.Remove(key);
            Want(key);
        }
    }

    public void Add(TKey key, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            Add(key);
            return;
        }

        lock (guard)
        {
            // One that is ready comes before any that is late. A worker may add its own key for a later turn.
            if (wanted.Contains(key))
                return;
            var at = Now() + delay.Ticks;
            if (due.TryGetValue(key, out var before) && before <= at)
                return;
            due[key] = at;
            later.Enqueue(key, at);
            WakeAt(at);
        }
    }

    /// <summary>Adds the key after a delay that grows with every failure since <see cref="Forget"/>.</summary>
    /// <returns>The delay.</returns>
    public TimeSpan Retry(TKey key)
    {
        TimeSpan delay;
        lock (guard)
        {
            failures[key] = failures.GetValueOrDefault(key) + 1;
            delay = backoff.After(failures[key]);
        }

        Add(key, delay);
        return delay;
    }

    /// <summary>It went well: the next failure is the first again.</summary>
    public void Forget(TKey key)
    {
        lock (guard)
        {
            failures.Remove(key);
        }
    }

    /// <summary>Waits for a key that is ready. Give it back with <see cref="Done"/>.</summary>
    public async ValueTask<TKey> TakeAsync(CancellationToken cancellationToken)
    {
        await tickets.Reader.ReadAsync(cancellationToken);
        lock (guard)
        {
            var key = ready.Dequeue();
            wanted.Remove(key);
            taken.Add(key);
            return key;
        }
    }

    public void Done(TKey key)
    {
        lock (guard)
        {
            if (taken.Remove(key) && wanted.Contains(key))
                MakeReady(key);
        }
    }

    public void Dispose() => timer.Dispose();

    void Want(TKey key)
    {
        if (wanted.Add(key) && !taken.Contains(key))
            MakeReady(key);
    }

    void MakeReady(TKey key)
    {
        ready.Enqueue(key);
        tickets.Writer.TryWrite(true);
    }

    void Wake()
    {
        lock (guard)
        {
            wakesAt = long.MaxValue;
            var now = Now();
            while (later.TryPeek(out var key, out var at))
            {
                if (at > now)
                {
                    WakeAt(at);
                    return;
                }

                later.Dequeue();
                if (due.TryGetValue(key, out var current) && current == at)
                {
                    due.Remove(key);
                    Want(key);
                }
            }
        }
    }

    // Ticks since we began: the clock on the wall may be set.
    long Now() => time.GetElapsedTime(origin).Ticks;

    void WakeAt(long at)
    {
        if (at >= wakesAt)
            return;
        wakesAt = at;
        // Timers take whole milliseconds; one too early would only have to be set again.
        var wait = Math.Max(1, Math.Ceiling(TimeSpan.FromTicks(at - Now()).TotalMilliseconds));
        timer.Change(TimeSpan.FromMilliseconds(Math.Min(wait, int.MaxValue)), Timeout.InfiniteTimeSpan);
    }
}
