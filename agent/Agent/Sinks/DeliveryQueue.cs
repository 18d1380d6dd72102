using ClusterTrail.Agent.Spool;

namespace ClusterTrail.Agent.Sinks;

/// <summary>Which batch is tried next. Several tasks take from it.</summary>
/// <remarks>
/// Guarantees: the oldest comes first; a batch that the sink refuses while it takes others steps aside, so none holds up another; while
/// the sink takes nothing, every batch gets its turn before any gets a second one, from both ends, so what the sink would take is found.
/// Order is kept by names.
/// </remarks>
sealed class DeliveryQueue(TimeProvider time)
{
    readonly Lock gate = new();
    readonly SortedSet<SpooledBatch> ready = new(SpooledBatch.Order);
    // Those that failed since the sink took one.
    readonly Queue<SpooledBatch> failed = new();
    readonly PriorityQueue<SpooledBatch, DateTimeOffset> aside = new();
    readonly Dictionary<SpooledBatch, BatchFailures> failures = new(ReferenceEqualityComparer.Instance);
    TaskCompletionSource changed = New();
    SpooledBatch? asideInHand;
    bool tookAside;
    bool tookNewest;
    bool isComplete;

    /// <summary>How many batches the sink has taken.</summary>
    public long Taken { get; private set; }

    /// <summary>How many batches are set aside, and how the one that was first failed.</summary>
    public (int Count, SpooledBatch? First, BatchFailures? Failures) Aside
    {
        get
        {
            lock (gate)
            {
                var all = failures.Where(one => one.Value.AsideSince is not null).OrderBy(one => one.Value.AsideSince);
                var first = all.FirstOrDefault();
                return (all.Count(), first.Key, first.Value);
            }
        }
    }

    public void Add(SpooledBatch batch)
    {
        lock (gate)
        {
            ready.Add(batch);
            Signal();
        }
    }

    /// <summary>Says that no batch will follow. What is set aside is tried once more.</summary>
    public void Complete()
    {
        lock (gate)
        {
            isComplete = true;
            ready.UnionWith(aside.UnorderedItems.Select(item => item.Element));
            aside.Clear();
            Signal();
        }
    }

    /// <summary>The batch to try next; null when all is done that can be, after <see cref="Complete"/>.</summary>
    public async Task<SpooledBatch?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task news;
            TimeSpan wait;
            lock (gate)
            {
                if (Pick() is { } batch)
                {
                    return batch;
                }

                if (isComplete)
                {
                    return null;
                }

                (news, wait) = (changed.Task, UntilDue());
            }

            await WaitAsync(news, wait, cancellationToken);
        }
    }

    /// <summary>The sink has taken the batch: all that failed before gets another chance.</summary>
    public void Delivered()
    {
        lock (gate)
        {
            Taken++;
            ready.UnionWith(failed);
            failed.Clear();
            Signal();
        }
    }

    /// <summary>There is nothing left to do for the batch.</summary>
    public void Done(SpooledBatch batch)
    {
        lock (gate)
        {
            failures.Remove(batch);
            LetGo(batch);
        }
    }

    /// <summary>The batch was not tried to the end; it keeps its turn.</summary>
    public void Return(SpooledBatch batch)
    {
        lock (gate)
        {
            ready.Add(batch);
            LetGo(batch);
        }
    }

    /// <summary>Notes a failed attempt, and what follows for the batch.</summary>
    public FailureOutcome Failed(SpooledBatch batch, string code, FailureScope scope)
    {
        lock (gate)
        {
            var ofBatch = failures.TryGetValue(batch, out var known) ? known : failures[batch] = new();
            var counts = ofBatch.Failed(code, scope, Taken, time.GetUtcNow());
            if (ofBatch.AsideSince is null)
            {
                failed.Enqueue(batch);
            }
            else if (!isComplete)
            {
                aside.Enqueue(batch, ofBatch.Due);
            }

            LetGo(batch);
            return new(counts, ofBatch.AsideSince is not null);
        }
    }

    async Task WaitAsync(Task news, TimeSpan atMost, CancellationToken cancellationToken)
    {
        try
        {
            await (atMost == Timeout.InfiniteTimeSpan
                ? news.WaitAsync(cancellationToken)
                : news.WaitAsync(atMost, time, cancellationToken));
        }
        catch (TimeoutException)
        {
        }
    }

    SpooledBatch? Pick()
    {
        if (IsAsideDue())
        {
            tookAside = true;
            return asideInHand = aside.Dequeue();
        }

        tookAside = false;
        if (ready.Count == 0)
        {
            return failed.TryDequeue(out var again) ? again : null;
        }

        tookNewest = failed.Count > 0 && !tookNewest;
        var next = tookNewest ? ready.Max! : ready.Min!;
        ready.Remove(next);
        return next;
    }

    // One at a time, and never two in a row while others wait: however many they are, they do not delay the others.
    bool IsAsideDue() =>
        asideInHand is null
        && (!tookAside || (ready.Count == 0 && failed.Count == 0))
        && aside.TryPeek(out _, out var due) && due <= time.GetUtcNow();

    TimeSpan UntilDue() => asideInHand is null && aside.TryPeek(out _, out var due)
        ? TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerMillisecond, (due - time.GetUtcNow()).Ticks))
        : Timeout.InfiniteTimeSpan;

    void LetGo(SpooledBatch batch)
    {
        asideInHand = ReferenceEquals(asideInHand, batch) ? null : asideInHand;
        Signal();
    }

    void Signal()
    {
        changed.TrySetResult();
        changed = New();
    }

    static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>What follows from a failed attempt.</summary>
/// <param name="IsAboutBatch">The sink took others meanwhile.</param>
/// <param name="IsAside">The batch is set aside and tried rarely.</param>
readonly record struct FailureOutcome(bool IsAboutBatch, bool IsAside);
