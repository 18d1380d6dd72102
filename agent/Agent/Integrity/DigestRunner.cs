using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Status;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent.Integrity;

/// <summary>Seals digests when they are due, and reports what stands in the way. One thread at a time uses it.</summary>
sealed partial class DigestRunner(
    DigestChain chain, DigestLedger ledger, IntegrityConfiguration limits, Func<Recording> recording, DigestMetrics metrics,
    TimeProvider time, ILogger<DigestRunner> logger)
{
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    // More than clocks are slewed by in a period: the clock was set.
    static readonly TimeSpan ClockStep = TimeSpan.FromSeconds(30);

    bool isRecording;
    long sealedAt;
    long failedAt;
    TimeSpan pause;
    volatile string? problem;

    public IntegrityStatus Status
    {
        get
        {
            // In this order: what is confirmed was sealed before.
            var confirmed = chain.Confirmed;
            var (state, key) = (chain.State, chain.Key);
            return new()
            {
                Chain = limits.Chain,
                ChainId = state?.ChainId,
                Sequence = state?.Sequence ?? 0,
                Sha256 = state?.Sha256,
                Until = state?.Until,
                NextBy = state?.NextBy,
                Confirmed = confirmed is not null && IsOf(state, confirmed)
                    ? new()
                    {
                        ChainId = confirmed.ChainId,
                        Sequence = confirmed.Sequence,
                        Sha256 = confirmed.Sha256,
                        Until = confirmed.Until,
                    }
                    : new() { Sequence = 0 },
                KeyId = key?.Id,
                PublicKey = key?.Base64,
                Problem = problem,
            };
        }
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            Turn();
        }
    }

    /// <summary>Seals what is due.</summary>
    public void Turn()
    {
        if (pause > TimeSpan.Zero && time.GetElapsedTime(failedAt) < pause)
        {
            return;
        }

        var now = recording();
        if (now == Recording.On && !isRecording)
        {
            isRecording = TrySeal(DigestReason.Start, null);
        }
        else if (now == Recording.Off && MustSayStop())
        {
            isRecording &= !TrySeal(DigestReason.Stop, StopCause.LoggingOff);
        }
        else if (isRecording && IsDue())
        {
            TrySeal(DigestReason.Period, null);
        }
        else
        {
            Try(chain.Spool);
        }
    }

    /// <summary>Seals the last digest of this run, if the one before was not the last already.</summary>
    public void Finish(StopCause cause)
    {
        if (isRecording || MustSayStop())
        {
            isRecording = false;
            TrySeal(DigestReason.Stop, cause);
        }
    }

    // Also when the agent starts with logging off, after a run that ended without saying so, or that left batches to be named.
    bool MustSayStop() => isRecording || chain.State?.Reason != DigestReason.Stop || ledger.HasNews;

    bool IsDue()
    {
        var state = chain.State!;
        var elapsed = time.GetElapsedTime(sealedAt);
        var drift = (time.GetUtcNow() - state.Until - elapsed).Duration();
        return elapsed.TotalSeconds >= state.SpacingSeconds
            || (elapsed.TotalSeconds >= limits.IntervalSeconds && chain.HasNews)
            || ledger.HasMany
            || drift >= ClockStep;
    }

    // Not if only the chain's state was restored from a copy.
    static bool IsOf(ChainState? state, ConfirmedState confirmed) => confirmed.ChainId == state?.ChainId
        && (confirmed.Sequence < state.Sequence || (confirmed.Sequence == state.Sequence && confirmed.Sha256 == state.Sha256));

    bool TrySeal(DigestReason reason, StopCause? stop) => Try(() =>
    {
        chain.Seal(reason, stop);
        sealedAt = time.GetTimestamp();
        var state = chain.State!;
        metrics.Sealed(state.Until);
        LogSealed(state.Name, state.Sequence);
    });

    bool Try(Action action)
    {
        try
        {
            action();
            (problem, pause) = (null, TimeSpan.Zero);
            return true;
        }
        catch (Exception e)
        {
            // Any error: an agent that cannot seal digests goes on recording and delivering, and tries again.
            metrics.Failed();
            if (problem != e.Message)
            {
                LogFailed(e.Message);
            }

            problem = e.Message;
            failedAt = time.GetTimestamp();
            pause = TimeSpan.FromTicks(Math.Clamp(pause.Ticks * 2, LookEvery.Ticks, LongestPause.Ticks));
            return false;
        }
    }

    [LoggerMessage(LogLevel.Information, "Sealed digest {Sequence}: {Digest}.")]
    partial void LogSealed(string digest, long sequence);

    [LoggerMessage(LogLevel.Error, "No digest can be sealed; the agent continues to record and deliver, and retries: {Reason}")]
    partial void LogFailed(string reason);
}
