using ClusterTrail.Verification;

namespace ClusterTrail.WebConsole.Sources;

/// <summary>A verification of the archive that runs beside the pages.</summary>
sealed class IntegrityCheck : IVerificationProgress
{
    Task<VerificationResult>? running;
    long found, done;

    /// <summary>Without keys nothing is verified.</summary>
    internal static IntegrityCheck None { get; } = new();

    /// <summary>Whether keys were given.</summary>
    internal bool IsAsked => running is not null;

    internal bool IsRunning => running is { IsCompleted: false };

    /// <summary>How many digests and objects are to be checked, as far as that is known, and how many are.</summary>
    internal (long Done, long Found) Progress => (Interlocked.Read(ref done), Interlocked.Read(ref found));

    /// <summary>Once it has ended well.</summary>
    internal VerificationResult? Result => running is { IsCompletedSuccessfully: true } ? running.Result : null;

    /// <summary>Why it ended otherwise, as a sentence.</summary>
    internal string? Failure => running switch
    {
        { IsFaulted: true } => running.Exception!.GetBaseException().Message,
        { IsCanceled: true } => "It was interrupted.",
        _ => null,
    };

    /// <summary>Begins in the background.</summary>
    internal static IntegrityCheck Start(Func<IVerificationProgress, Task<VerificationResult>> verify)
    {
        var check = new IntegrityCheck();
        check.running = Task.Run(() => verify(check));
        return check;
    }

    /// <summary>Ends when the verification has, however it did.</summary>
    internal Task EndAsync() => running is null ? Task.CompletedTask : running.ContinueWith(_ => { }, TaskScheduler.Default);

    void IVerificationProgress.Found(long more) => Interlocked.Add(ref found, more);

    void IVerificationProgress.Done() => Interlocked.Increment(ref done);
}
