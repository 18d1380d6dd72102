namespace ClusterTrail.Testing;

/// <summary>A real part that tests need is not on this machine and cannot be installed; the message says what and why.</summary>
public sealed class MissingPartException(string message) : Exception(message);
