namespace ClusterTrail.Agent.Sinks;

/// <summary>The sink did not confirm an object.</summary>
/// <param name="code">A short, bounded word: S3's error code (AccessDenied, SlowDown), or Timeout, Unreachable, IOError.</param>
/// <param name="message">What happened and what to do, without secrets.</param>
sealed class SinkException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Code => code;

    public FailureScope Scope { get; init; } = FailureScope.Unclear;
}
