using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Verification;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.Verify;

/// <summary>Verifies an archive again and again: what is new in each round, and everything once a day.</summary>
sealed class Follower(IArchiveStore store, VerificationOptions options, FollowerState state, TimeProvider time, Action<string> say)
{
    // What came late, and what was removed soon after, is in the rounds of an hour.
    static readonly TimeSpan Overlap = TimeSpan.FromHours(1);
    static readonly TimeSpan WholeEvery = TimeSpan.FromDays(1);

    readonly FollowedGiven given = new();
    bool needsVersions;
    bool hasBegun;

    /// <summary>Where heads are kept that are known from elsewhere. They are read anew in each round.</summary>
    internal HeadSources Sources { get; init; } = HeadSources.None;

    /// <summary>Why those heads were not read in the last round; null if they were.</summary>
    internal string? HeadsProblem { get; private set; }

    /// <summary>Why the archive was not read in the last round; null if it was.</summary>
    internal string? Problem { get; private set; } = "no round has ended yet";

    internal DateTimeOffset? LastRound { get; private set; }

    internal async Task RunAsync(TimeSpan interval, CancellationToken cancellationToken)
    {
        while (true)
        {
            await RoundAsync(cancellationToken);
            await Task.Delay(interval, time, cancellationToken);
        }
    }

    internal async Task RoundAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var isWhole = state.LastWhole is not { } last || now - last >= WholeEvery;
        await ReadHeadsAsync(now, isWhole, cancellationToken);
        var round = (options with { Now = now, Heads = [.. options.Heads, .. state.Heads.Known(isWhole)] }).With(given.Known(isWhole));
        if (!isWhole)
            round = round with { Places = state.Places(Overlap) };
        try
        {
            var result = await new Verifier(store, round, new NoProgress()).VerifyAsync(cancellationToken);
            foreach (var finding in state.Take(result, isWhole, HeadsProblem is null, now))
                say($"{(finding.Kind.Fails() ? "" : "notice: ")}{finding.Kind} ({finding.Kind.Code()}) "
                    + Printable.Escape($"[{(object?)finding.Node ?? "archive"}] {finding.Subject}: {finding.Message}"));
            state.Save();
            (Problem, LastRound) = (null, now);
        }
        catch (StoreException e)
        {
            Problem = e.Message;
            say(ProblemLog.Sentence(e.Message));
        }
    }

    // Heads that were known once still are. What cannot be read is said when that begins, and while it lasts /readyz says so.
    async Task ReadHeadsAsync(DateTimeOffset now, bool isWhole, CancellationToken cancellationToken)
    {
        // If that fails, until it succeeds: what moved back or was deleted shows by versions only.
        needsVersions = needsVersions || isWhole;
        try
        {
            foreach (var note in given.Take(await Sources.ReadAsync(now, needsVersions, cancellationToken)))
                say($"note: {Printable.Escape(note)}");
            (HeadsProblem, needsVersions, hasBegun) = (null, false, true);
        }
        // What is wrong with the options is an error at once. All else may be an outage, also at the start.
        catch (TrailException e) when (hasBegun || e.ExitCode != ExitCode.BadUsage)
        {
            hasBegun = true;
            if (e.Message != HeadsProblem)
                say(ProblemLog.Sentence($"{e.Message.TrimEnd('.')}; comparing with what was read before"));
            HeadsProblem = e.Message;
        }
    }

    sealed class NoProgress : IVerificationProgress
    {
        public void Found(long more)
        {
        }

        public void Done()
        {
        }
    }
}
