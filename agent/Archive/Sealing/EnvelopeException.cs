namespace ClusterTrail.Archive.Sealing;

/// <summary>An envelope was not opened; nothing of its content was given out.</summary>
public abstract class EnvelopeException(string message, Exception? inner = null) : Exception(message, inner);
