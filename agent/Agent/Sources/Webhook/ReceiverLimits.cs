namespace ClusterTrail.Agent.Sources.Webhook;

/// <summary>What a receiver takes of a request.</summary>
/// <param name="MostBytes">The largest body.</param>
/// <param name="MostBytesAtOnce">Of all that are being received.</param>
/// <param name="Longest">How long a request may take.</param>
/// <param name="MostStreams">How many requests a connection may have at once.</param>
/// <param name="TooLarge">What the sender of a larger one is told.</param>
sealed record ReceiverLimits(int MostBytes, long MostBytesAtOnce, TimeSpan Longest, int MostStreams, string TooLarge);
