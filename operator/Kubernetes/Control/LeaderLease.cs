using k8s.Models;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Kubernetes.Control;

/// <summary>Lets one replica at a time work, by holding a Lease and renewing it.</summary>
/// <remarks>
/// Guarantee: two never work at the same time, provided that cancelled work ends, and that no process is suspended for longer than the
/// lease outlasts its renewal deadline, which is 5 s. No two clocks need to show the same time, only to run about equally fast.
/// </remarks>
/// <param name="identity">Different for every process, also for a restarted one.</param>
public sealed partial class LeaderLease(ICluster cluster, ObjectKey key, string identity, TimeProvider time, ILogger<LeaderLease> logger)
{
    static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);
    static readonly TimeSpan RenewDeadline = TimeSpan.FromSeconds(10);
    static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(2);
    // Another replica takes over within 2 s after a release, the requests included.
    static readonly TimeSpan WaitPeriod = TimeSpan.FromSeconds(1.5);

    // From when on we know the lease as it is: the holder's clock may be wrong, ours is what we measure by.
    string? seenVersion;
    long seenAt;
    bool mayHold;
    // As this replica wrote it last. Until another one writes, it need not be read before a renewal: half the requests of an idle operator.
    V1Lease? held;
    string? trouble;

    public bool IsLeading { get; private set; }

    /// <summary>
    /// Waits for the lease, works for as long as it can be renewed, and waits again; until the work ends or all is
    /// cancelled.
    /// </summary>
    /// <param name="work">Must end soon when cancelled: until then the lease is not released.</param>
    public async Task RunAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var heldSince = await AcquireAsync(cancellationToken);
                if (await LeadAsync(work, heldSince, cancellationToken))
                    return;
            }
        }
        finally
        {
            await ReleaseAsync();
        }
    }

    async Task<long> AcquireAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            // The time before the request: other replicas see its effect later.
            var started = time.GetTimestamp();
            if (await TryHoldAsync(RenewDeadline, cancellationToken) == Hold.Ours)
                return started;
            await Task.Delay(WaitPeriod, time, cancellationToken);
        }
    }

    /// <returns>Whether the work has ended; otherwise the lease was lost.</returns>
    async Task<bool> LeadAsync(Func<CancellationToken, Task> work, long heldSince, CancellationToken cancellationToken)
    {
        LogLeading(identity, key);
        IsLeading = true;
        using var leading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var working = StartAsync(work, leading.Token);
        var renewing = RenewAsync(heldSince, leading.Token);
        var ended = await Task.WhenAny(working, renewing) == working && !cancellationToken.IsCancellationRequested;
        leading.Cancel();
        await Task.WhenAll(working, renewing)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        IsLeading = false;
        cancellationToken.ThrowIfCancellationRequested();
        if (ended)
            await working;
        else
            LogLost(identity, key);
        return ended;
    }

    // What it throws before its first await is a failure of the work like any other.
    static async Task StartAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken) => await work(cancellationToken);

    /// <summary>Ends when the lease is lost.</summary>
    async Task RenewAsync(long heldSince, CancellationToken cancellationToken)
    {
        while (true)
        {
            // A pause must not go beyond the deadline either.
            var left = TimeLeft(heldSince);
            await Task.Delay(left < RetryPeriod ? left : RetryPeriod, time, cancellationToken);
            var started = time.GetTimestamp();
            left = TimeLeft(heldSince);
            if (left == TimeSpan.Zero)
                return;
            var hold = await TryHoldAsync(left, cancellationToken);
            if (hold == Hold.Anothers)
                return;
            if (hold == Hold.Ours)
                heldSince = started;
        }
    }

    TimeSpan TimeLeft(long heldSince)
    {
        var left = RenewDeadline - time.GetElapsedTime(heldSince);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    async Task<Hold> TryHoldAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            if (held is { } ours && await TrySaveAsync(ours, either.Token))
                return Hold.Ours;
            var lease = await cluster.GetAsync<V1Lease>(key, either.Token)
                ?? new V1Lease { Metadata = new() { NamespaceProperty = key.Namespace, Name = key.Name } };
            if (IsHeldByAnother(lease))
                return Hold.Anothers;
            mayHold = true;
            return await TrySaveAsync(lease, either.Token) ? Hold.Ours : Hold.Unknown;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // It is tried every two seconds for as long as it lasts.
            if (trouble != e.Message)
                LogUnreachable(key, e);
            trouble = e.Message;
            return Hold.Unknown;
        }
    }

    /// <returns>Whether no other replica has written it since it was read.</returns>
    async Task<bool> TrySaveAsync(V1Lease lease, CancellationToken cancellationToken)
    {
        held = null;
        try
        {
            held = await cluster.SaveAsync(lease with { Spec = Claim(lease.Spec) }, cancellationToken);
            trouble = null;
            return true;
        }
        catch (KubernetesException e) when (e.IsConflict)
        {
            return false;
        }
    }

    bool IsHeldByAnother(V1Lease lease)
    {
        if (lease.Spec?.HolderIdentity is null or "" || lease.Spec.HolderIdentity == identity)
            return false;
        if (lease.Metadata.ResourceVersion != seenVersion)
            (seenVersion, seenAt) = (lease.Metadata.ResourceVersion, time.GetTimestamp());
        return time.GetElapsedTime(seenAt) < TimeSpan.FromSeconds(lease.Spec.LeaseDurationSeconds ?? Duration.TotalSeconds);
    }

    V1LeaseSpec Claim(V1LeaseSpec? before)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var isRenewal = before?.HolderIdentity == identity;
        return new()
        {
            HolderIdentity = identity,
            LeaseDurationSeconds = (int)Duration.TotalSeconds,
            AcquireTime = isRenewal ? before?.AcquireTime ?? now : now,
            RenewTime = now,
            LeaseTransitions = (before?.LeaseTransitions ?? 0) + (isRenewal ? 0 : 1),
        };
    }

    // The work has ended, so another replica may begin immediately. This process is being stopped: one short attempt.
    async Task ReleaseAsync()
    {
        if (!mayHold)
            return;
        using var limit = new CancellationTokenSource(RetryPeriod, time);
        try
        {
            if (await cluster.GetAsync<V1Lease>(key, limit.Token) is not { } lease || lease.Spec?.HolderIdentity != identity)
                return;
            await cluster.SaveAsync(lease with { Spec = lease.Spec with { HolderIdentity = "" } }, limit.Token);
            LogReleased(identity, key);
        }
        catch (Exception e)
        {
            LogUnreachable(key, e);
        }
    }

    enum Hold
    {
        Unknown,
        Ours,
        Anothers,
    }

    [LoggerMessage(LogLevel.Information, "{Identity} became the leader and holds lease {Lease}.")]
    partial void LogLeading(string identity, ObjectKey lease);

    [LoggerMessage(LogLevel.Warning, "{Identity} has lost lease {Lease}.")]
    partial void LogLost(string identity, ObjectKey lease);

    [LoggerMessage(LogLevel.Information, "{Identity} has released lease {Lease}.")]
    partial void LogReleased(string identity, ObjectKey lease);

    [LoggerMessage(LogLevel.Warning, "Lease {Lease} could not be reached.")]
    partial void LogUnreachable(ObjectKey lease, Exception exception);
}
