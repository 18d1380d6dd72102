namespace ClusterTrail.Archive.Sealing;

/// <summary>A key cannot be used for sealing; the message says what it is and what is allowed.</summary>
public sealed class KeyRefusedException(string message, Exception? inner = null) : ArgumentException(message, inner);
