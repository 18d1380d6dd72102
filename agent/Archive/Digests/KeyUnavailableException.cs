namespace ClusterTrail.Archive.Digests;

/// <summary>A key that is kept elsewhere does not sign now. The message says why, and what to do.</summary>
public class KeyUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
