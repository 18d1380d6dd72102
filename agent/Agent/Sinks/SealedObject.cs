namespace ClusterTrail.Agent.Sinks;

/// <summary>A sealed batch as a sink sees it.</summary>
/// <param name="Name">The object's name below the sink's prefix; it carries a hash of the content.</param>
/// <param name="Content">The bytes to store.</param>
/// <param name="Sha256">The SHA-256 of the content.</param>
sealed record SealedObject(string Name, ReadOnlyMemory<byte> Content, ReadOnlyMemory<byte> Sha256);
