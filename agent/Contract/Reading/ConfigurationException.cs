namespace ClusterTrail.Contract.Reading;

/// <summary>A configuration that cannot be used. The message names file, field, value and what is allowed, one sentence a line.</summary>
public sealed class ConfigurationException(string message, Exception? inner = null) : Exception(message, inner);
