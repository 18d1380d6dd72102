using System.Buffers;
using ClusterTrail.Agent.Sources.Processes.Kernel;
using ClusterTrail.Contract;

namespace ClusterTrail.Agent.Sources.Processes;

/// <summary>Brings what a feed says of processes into the journal: whose they are, not too many, and what was lost.</summary>
/// <remarks>One thread runs it.</remarks>
sealed class ProcessCollector : IDisposable
{
    // What waits for the disk; more stays in the kernel's buffer, which counts what it cannot take.
    const int MostPending = 4 << 20;
    const int RecordsATurn = 2000;

    // Whoever floods a container must not hide who comes into it.
    const int EntriesPerSecond = 100;

    static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(10);

    readonly IProcessFeed feed;
    readonly ProcessJournal journal;
    readonly RunningContainers containers;
    readonly ContainerEntries entries;
    readonly TokenBucket entryRate;
    readonly TimeProvider time;
    readonly Func<DateTimeOffset, long> startOfMachine;
    readonly ArrayBufferWriter<byte> lines = new(64 << 10);
    readonly ProcessLine line;
    readonly KernelRecordHandler take;
    long machineStart;
    long lostReported;
    long unreadable;
    long drainedAt;
    long reportedAt;
    long recorded;
    long pending;
    long rateLimited;
    long unattributed;

    /// <param name="startOfMachine">When the machine started, in nanoseconds since 1970, by the clock as it is set now.</param>
    /// <param name="namespaces">Whose processes are asked for now; null is all of them. By default as configured.</param>
    public ProcessCollector(
        IProcessFeed feed, ProcessJournal journal, ProcessesConfiguration configuration, IPodFolders pods, TimeProvider time,
        Func<DateTimeOffset, long> startOfMachine, Func<IReadOnlySet<string>?>? namespaces = null)
    {
        (this.feed, this.journal, this.time, this.startOfMachine) = (feed, journal, time, startOfMachine);
        containers = new(configuration, new(pods, time), time, namespaces);
        entries = new(
            containers, () => PodFolders.Running(pods),
            (ulong)Math.Max(0, ((time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100) - startOfMachine(time.GetUtcNow())));
        entryRate = new(EntriesPerSecond, EntriesPerSecond * ProcessesConfiguration.BurstSeconds, time);
        line = new(lines);
        take = Take;
        drainedAt = Microseconds(time.GetUtcNow());
        reportedAt = time.GetTimestamp();
        WriteNotRunning();
    }

    /// <summary>For other threads.</summary>
    public ProcessCounts Counts => new(
        Volatile.Read(ref recorded), Volatile.Read(ref lostReported), Volatile.Read(ref rateLimited), Volatile.Read(ref unattributed));

    /// <summary>For other threads: how many containers are known.</summary>
    public int Containers => containers.Count;

    /// <summary>Waits until there is something to collect; false when nothing came in time.</summary>
    public bool Wait(TimeSpan atMost) => feed.Wait(atMost);

    /// <summary>Collects some of what there is, and writes it to the journal.</summary>
    /// <returns>Whether there may be more.</returns>
    /// <exception cref="IOException">The journal cannot be written; trying again later is right, and nothing is lost meanwhile.</exception>
    public bool Turn()
    {
        var isFull = lines.WrittenCount < MostPending && Drain() == RecordsATurn;

        if (time.GetElapsedTime(reportedAt) >= ReportEvery)
        {
            reportedAt = time.GetTimestamp();
            journal.NoteRunning();
            ReportSuppressed();
        }

        Flush();
        return isFull;
    }

    /// <summary>Writes the last of it.</summary>
    /// <exception cref="IOException">The journal cannot be written.</exception>
    public void Finish()
    {
        while (Drain() == RecordsATurn)
        {
            Flush();
        }

        ReportSuppressed();
        Flush();
        journal.NoteRunning();
    }

    public void Dispose()
    {
        feed.Dispose();
        journal.Dispose();
        line.Dispose();
    }

    int Drain()
    {
        machineStart = startOfMachine(time.GetUtcNow());
        var drained = feed.Drain(take, RecordsATurn);
        NoteLost();
        return drained;
    }

    void Take(ReadOnlySpan<byte> bytes)
    {
        if (!ProcessRecord.TryRead(bytes, out var record))
        {
            unreadable++;
            return;
        }

        var entry = entries.Find(record, out var container);
        if (!containers.IsWanted(container))
        {
            Volatile.Write(ref unattributed, unattributed + (container is { Container: not null, Names: null } ? 1 : 0));
            return;
        }

        var at = (machineStart + (long)record.Time) / 1000;
        if (container.Rate.TryTake() || (entry != ProcessEntry.None && entryRate.TryTake()))
        {
            line.WriteEvent(record, at, container.Json, entry);
            pending++;
            return;
        }

        container.SuppressedSince = container.Suppressed == 0 ? at : container.SuppressedSince;
        container.Suppressed++;
        Volatile.Write(ref rateLimited, rateLimited + 1);
    }

    void NoteLost()
    {
        var (now, lost) = (Microseconds(time.GetUtcNow()), feed.LostEvents + unreadable);
        if (lost > lostReported)
        {
            line.WriteLoss(ProcessLossReason.BufferFull, lost - lostReported, drainedAt, now, []);
            Volatile.Write(ref lostReported, lost);
        }

        drainedAt = now;
    }

    void ReportSuppressed()
    {
        var now = Microseconds(time.GetUtcNow());
        foreach (var container in containers.All.Where(one => one.Suppressed > 0))
        {
            line.WriteLoss(ProcessLossReason.RateLimited, container.Suppressed, container.SuppressedSince, now, container.Json);
            container.Suppressed = 0;
        }
    }

    // What ran while no agent did, nobody counted.
    void WriteNotRunning()
    {
        if (journal.LastRunning is { } last)
        {
            line.WriteLoss(ProcessLossReason.NotRunning, null, Microseconds(last), drainedAt, []);
        }
    }

    void Flush()
    {
        // Without a file its reader would take the journal for missing.
        if (lines.WrittenCount > 0 || !journal.IsOpen)
        {
            journal.Append(lines.WrittenSpan);
            lines.ResetWrittenCount();
            Volatile.Write(ref recorded, recorded + pending);
            pending = 0;
        }
    }

    static long Microseconds(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
