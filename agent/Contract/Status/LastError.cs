namespace ClusterTrail.Contract.Status;

/// <summary>A failure of a sink that lasts.</summary>
/// <param name="At">The newest attempt.</param>
/// <param name="Since">The first failed attempt since the last delivery.</param>
/// <param name="Code">A short, bounded word, as in the metrics.</param>
/// <param name="Message">What happened and what to do, without secrets.</param>
/// <param name="Attempts">How many attempts have failed since.</param>
public sealed record LastError(DateTimeOffset At, DateTimeOffset Since, string Code, string Message, int Attempts);
