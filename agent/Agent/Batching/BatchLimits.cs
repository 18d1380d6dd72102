using ClusterTrail.Contract;

namespace ClusterTrail.Agent.Batching;

/// <summary>When a batch must close.</summary>
sealed class BatchLimits(BatchConfiguration configuration)
{
    // An object of less costs more to store and list than its records are worth.
    const int FewBytes = 64 << 10;

    // What a finding refers to is to be read soon, and a flood of findings must not make a flood of objects.
    static readonly TimeSpan OfFinding = TimeSpan.FromSeconds(1);

    readonly TimeSpan? maxQuietAge = configuration.MaxQuietAgeSeconds is { } seconds && seconds > configuration.MaxAgeSeconds
        ? TimeSpan.FromSeconds(seconds)
        : null;

    public int MaxBytes => configuration.MaxBytes;

    public TimeSpan MaxAge { get; } = TimeSpan.FromSeconds(configuration.MaxAgeSeconds);

    /// <summary>The age at which a batch closes that has so much in it.</summary>
    public TimeSpan AgeOf(long bytes, bool hasFinding) => maxQuietAge is not { } quiet ? MaxAge
        : hasFinding ? OfFinding
        : bytes < FewBytes ? quiet
        : MaxAge;
}
