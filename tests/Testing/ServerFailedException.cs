namespace ClusterTrail.Testing;

/// <summary>A server ended, or did not become ready; the message says so and ends with its log.</summary>
public sealed class ServerFailedException(string message) : Exception(message)
{
    /// <summary>Somebody else listens on its port.</summary>
    public bool IsPortTaken => Message.Contains("address already in use", StringComparison.OrdinalIgnoreCase);
}
