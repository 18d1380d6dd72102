namespace ClusterTrail.Testing;

/// <summary>A clock that moves when the test says so, and rings its timers on the way, each at its time.</summary>
public sealed class SteppedTime(DateTimeOffset start) : TimeProvider
{
    readonly Lock guard = new();
    readonly HashSet<Timer> timers = [];
    DateTimeOffset now = start;

    public SteppedTime()
        : this(new(2026, 11, 22, 5, 36, 0, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (guard)
        {
            return now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        var end = GetUtcNow() + by;
        while (TakeDue(end) is { } due)
            due.Ring();
        lock (guard)
        {
            now = end;
        }
    }

    Timer? TakeDue(DateTimeOffset end)
    {
        lock (guard)
        {
            var next = timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
            if (next is not null)
            {
                now = next.Due > now ? next.Due : now;
                next.Next();
            }

            return next;
        }
    }

    sealed class Timer(SteppedTime clock, Action ring) : ITimer
    {
        TimeSpan period;

        public DateTimeOffset Due { get; private set; }

        public void Ring() => ring();

        public void Next()
        {
            if (period > TimeSpan.Zero)
                Due += period;
            else
                clock.timers.Remove(this);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.guard)
            {
                clock.timers.Remove(this);
                this.period = period;
                Due = dueTime < TimeSpan.Zero ? DateTimeOffset.MaxValue : clock.now + dueTime;
                if (dueTime >= TimeSpan.Zero)
                    clock.timers.Add(this);
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock.guard)
            {
                clock.timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
