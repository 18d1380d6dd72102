namespace ClusterTrail.Contract.Status;

/// <summary>A batch that a sink refuses while it takes others.</summary>
/// <param name="Batch">Its file in the spool.</param>
/// <param name="Since">When it was set aside.</param>
/// <param name="Code">A short, bounded word, as in the metrics.</param>
/// <param name="Message">What the sink said last to such a batch and what to do, without secrets.</param>
/// <param name="Attempts">How many attempts have failed.</param>
public sealed record AsideBatch(string Batch, DateTimeOffset Since, string Code, string Message, int Attempts);
