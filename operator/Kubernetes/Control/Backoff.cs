namespace ClusterTrail.Kubernetes.Control;

/// <summary>Delays that double from a first to a longest one, each up to a quarter longer by chance.</summary>
public sealed record Backoff(TimeSpan First, TimeSpan Longest)
{
    /// <param name="failures">How often it has failed in a row; 1 gives the first delay.</param>
    public TimeSpan After(int failures)
    {
        var doubled = First * Math.Pow(2, Math.Clamp(failures - 1, 0, 30));
        return (doubled < Longest ? doubled : Longest) * (1 + Random.Shared.NextDouble() / 4);
    }
}
