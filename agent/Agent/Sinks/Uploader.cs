using ClusterTrail.Agent.Spool;
using ClusterTrail.Contract.Status;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent.Sinks;

/// <summary>Puts spooled batches into the sink, a few at a time, each for as long as it takes.</summary>
sealed partial class Uploader(
    BatchSpool spool, ISink sink, IDeliveryMeter meter, TimeProvider time, ILogger<Uploader> logger, Random? random = null)
{
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(20);

    readonly DeliveryQueue queue = new(time);
    readonly DeliveryLog log = new(sink.Description, time);
    // Those that the sink has and that could not be removed from the spool yet.
    readonly HashSet<SpooledBatch> stored = new(ReferenceEqualityComparer.Instance);

    /// <summary>Called with what the sink has confirmed, before it is removed from the spool; by several threads.</summary>
    public Action<SpoolHeader> Confirmed { get; init; } = _ => { };

    /// <summary>What was delivered and what stands in the way; for other threads.</summary>
    public SinkStatus Status
    {
        get
        {
            var (count, first, failures) = queue.Aside;
            return log.Status with
            {
                AsideBatches = count,
                FirstAside = first is null || failures?.AsideSince is not { } since
                    ? null
                    : new(Path.GetFileName(first.Path), since, failures.Code, log.RefusalOf(failures.Code), failures.Attempts),
                TrustError = sink.TrustError,
            };
        }
    }

    public void Enqueue(SpooledBatch batch) => queue.Add(batch);

    /// <summary>
    /// Says that no batch will follow: <see cref="RunAsync"/> ends when all are delivered, or tried once more if set aside.
    /// </summary>
    public void Complete() => queue.Complete();

    /// <summary>Delivers until all is delivered after <see cref="Complete"/>, or until cancelled.</summary>
    public Task RunAsync(int concurrency, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => WorkAsync(cancellationToken)));

    async Task WorkAsync(CancellationToken cancellationToken)
    {
        var backoff = new Backoff(FirstPause, LongestPause, random ?? Random.Shared);
        var taken = queue.Taken;
        var buffer = new ReadBuffer();
        while (await queue.NextAsync(cancellationToken) is { } batch)
        {
            if (await TryAsync(batch, buffer, cancellationToken) is { IsAboutBatch: false })
            {
                if (taken != queue.Taken)
                {
                    backoff.Reset();
                }

                taken = queue.Taken;
                await Task.Delay(backoff.Next(), time, cancellationToken);
            }
        }
    }

    /// <summary>Whether it is delivered: null, or else what follows from the failure.</summary>
    async Task<FailureOutcome?> TryAsync(SpooledBatch batch, ReadBuffer buffer, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            if (IsStored(batch) || await DeliverAsync(batch, buffer, cancellationToken))
            {
                Forget(batch);
            }

            queue.Done(batch);
            return null;
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested)
        {
            // A put that failed while everything was being cancelled is not retried, and its failure is not an error.
            queue.Return(batch);
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (Exception e)
        {
            buffer.Abandon();
            // Every failure is logged before the retry: nothing may stop silently.
            return NoteFailure(e, batch, time.GetElapsedTime(started));
        }
    }

    // False when there is nothing to deliver: the spooled file is damaged.
    async Task<bool> DeliverAsync(SpooledBatch batch, ReadBuffer buffer, CancellationToken cancellationToken)
    {
        if (TryRead(batch, buffer) is not var (header, content))
        {
            return false;
        }

        var started = time.GetTimestamp();
        await sink.PutAsync(new(header.Name, content, Convert.FromHexString(header.Sha256)), cancellationToken);
        Confirmed(header);
        lock (stored)
        {
            stored.Add(batch);
        }

        queue.Delivered();
        meter.Delivered(header, content.Length, time.GetElapsedTime(started));
        log.Delivered(header);
        LogDelivered(header.Name, header.Events, content.Length);
        return true;
    }

    // A crash before this puts the same object once more, which changes nothing.
    void Forget(SpooledBatch batch)
    {
        spool.Remove(batch);
        log.Passed();
        lock (stored)
        {
            stored.Remove(batch);
        }
    }

    bool IsStored(SpooledBatch batch)
    {
        lock (stored)
        {
            return stored.Contains(batch);
        }
    }

    (SpoolHeader Header, ReadOnlyMemory<byte> Content)? TryRead(SpooledBatch batch, ReadBuffer buffer)
    {
        try
        {
            return spool.Read(batch, buffer);
        }
        catch (Exception e) when (e is InvalidDataException or FileNotFoundException or DirectoryNotFoundException)
        {
            spool.Quarantine(batch);
            meter.Quarantined(batch.Source);
            LogDamaged(batch.Path, e.Message);
            return null;
        }
    }

    FailureOutcome NoteFailure(Exception failure, SpooledBatch batch, TimeSpan duration)
    {
        var code = (failure as SinkException)?.Code ?? failure.GetType().Name;
        meter.Failed(duration, code);
        var isFirst = queue.Aside.Count == 0;
        var outcome = queue.Failed(batch, code, (failure as SinkException)?.Scope ?? FailureScope.Unclear);
        if (outcome.IsAside)
        {
            spool.SetAside(batch);
            if (log.SetAside(code, failure.Message, isFirst))
            {
                LogAside(batch.Path, code, failure.Message);
            }
        }
        else if (log.Failed(code, failure.Message))
        {
            LogFailed(batch.Path, code, failure.Message);
        }

        return outcome;
    }

    [LoggerMessage(LogLevel.Information, "Delivered {Batch}: {Events} records, {Bytes} bytes.")]
    partial void LogDelivered(string batch, int events, long bytes);

    [LoggerMessage(LogLevel.Warning, "Not delivered, retrying: {Batch}: {Code}: {Reason}")]
    partial void LogFailed(string batch, string code, string reason);

    [LoggerMessage(
        LogLevel.Error, "Set aside, because the sink rejects it and accepts others; retrying at least hourly: {Batch}: {Code}: {Reason}")]
    partial void LogAside(string batch, string code, string reason);

    [LoggerMessage(LogLevel.Error, "Spooled batch {Path} is damaged or missing; the rest of it was moved to quarantine: {Reason}")]
    partial void LogDamaged(string path, string reason);
}
