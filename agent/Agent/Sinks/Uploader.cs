using System.Threading.Channels;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Contract.Status;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace ClusterTrail.Agent.Sinks;

/// <summary>Puts spooled batches into the sink, in order, a few at a time, each for as long as it takes.</summary>
sealed partial class Uploader(BatchSpool spool, ISink sink, IDeliveryMeter meter, TimeProvider time, ILogger<Uploader> logger)
{
    static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(20);

    readonly Channel<SpooledBatch> queue = Channel.CreateUnbounded<SpooledBatch>();
    readonly DeliveryLog log = new(sink.Description, time);

    /// <summary>What was delivered and what stands in the way; for other threads.</summary>
    public SinkStatus Status => log.Status;

    public void Enqueue(SpooledBatch batch) => queue.Writer.TryWrite(batch);

    /// <summary>Says that no batch will follow: <see cref="RunAsync"/> ends when all are delivered.</summary>
    public void Complete() => queue.Writer.TryComplete();

    /// <summary>Delivers until all is delivered after <see cref="Complete"/>, or until cancelled.</summary>
    public Task RunAsync(int concurrency, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => WorkAsync(cancellationToken)));

    async Task WorkAsync(CancellationToken cancellationToken)
    {
        var retry = BuildRetry();
        try
        {
            await foreach (var batch in queue.Reader.ReadAllAsync(cancellationToken))
            {
                await retry.ExecuteAsync(async cancel => await NotingAsync(DeliverAsync, batch, cancel), cancellationToken);
                // A crash before this puts the same object once more, which changes nothing.
                await retry.ExecuteAsync(async cancel => await NotingAsync(ForgetAsync, batch, cancel), cancellationToken);
            }
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested && e is not OperationCanceledException)
        {
            // A put that failed just when all was cancelled is not tried again, and its failure is no error of ours.
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
    }

    ResiliencePipeline BuildRetry() => new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = failed => ValueTask.FromResult(failed.Outcome.Exception is not null && !failed.Context.CancellationToken.IsCancellationRequested),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = FirstDelay,
            MaxDelay = LongestDelay,
        })
        .Build();

    // Whatever goes wrong is told before it is tried again: nothing may stand still in silence.
    async Task NotingAsync(Func<SpooledBatch, CancellationToken, Task> step, SpooledBatch batch, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            await step(batch, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            NoteFailure(e, batch, time.GetElapsedTime(started));
            throw;
        }
    }

    async Task DeliverAsync(SpooledBatch batch, CancellationToken cancellationToken)
    {
        if (TryRead(batch) is not { } content)
        {
            return;
        }

        var started = time.GetTimestamp();
        await sink.PutAsync(new(batch.Header.Name, content, Convert.FromHexString(batch.Header.Sha256)), cancellationToken);
        meter.Delivered(batch.Header, content.Length, time.GetElapsedTime(started));
        log.Delivered(batch.Header);
        LogDelivered(batch.Header.Name, batch.Header.Events, content.Length);
    }

    Task ForgetAsync(SpooledBatch batch, CancellationToken cancellationToken)
    {
        spool.Remove(batch);
        log.Passed();
        return Task.CompletedTask;
    }

    byte[]? TryRead(SpooledBatch batch)
    {
        try
        {
            return BatchSpool.Read(batch);
        }
        catch (Exception e) when (e is InvalidDataException or FileNotFoundException or DirectoryNotFoundException)
        {
            spool.Quarantine(batch);
            meter.Quarantined(batch.Header.Source);
            LogDamaged(batch.Path, batch.Header.Events, e.Message);
            return null;
        }
    }

    void NoteFailure(Exception failure, SpooledBatch batch, TimeSpan duration)
    {
        var code = (failure as SinkException)?.Code ?? failure.GetType().Name;
        meter.Failed(duration, code);
        if (log.Failed(code, failure.Message))
        {
            LogFailed(batch.Header.Name, code, failure.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "Delivered {Batch}: {Events} records, {Bytes} bytes.")]
    partial void LogDelivered(string batch, int events, long bytes);

    [LoggerMessage(LogLevel.Warning, "Not delivered, trying again until it is: {Batch}: {Code}: {Reason}")]
    partial void LogFailed(string batch, string code, string reason);

    [LoggerMessage(
        LogLevel.Error,
        "Spooled batch {Path} of {Events} records is damaged or gone; what is left of it was set aside: {Reason}")]
    partial void LogDamaged(string path, int events, string reason);
}
