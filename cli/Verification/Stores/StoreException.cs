namespace ClusterTrail.Verification.Stores;

/// <summary>A part of the archive cannot be listed or read; the message is a sentence without a full stop.</summary>
public sealed class StoreException(string message, Exception? inner = null) : Exception(message, inner);
