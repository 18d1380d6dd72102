namespace ClusterTrail.Archive.Sealing;

/// <summary>The envelope is for this key and was changed after it was sealed.</summary>
public sealed class TamperedException(Exception inner)
    : EnvelopeException("it was changed after it was encrypted: its authentication fails", inner);
