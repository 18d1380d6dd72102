namespace ClusterTrail.Archive.Sealing;

/// <summary>The bytes are not a CMS AuthEnvelopedData as ClusterTrail writes it, or are cut off.</summary>
public sealed class NotAnEnvelopeException(string message, Exception? inner = null) : EnvelopeException(message, inner);
