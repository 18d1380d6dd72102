namespace ClusterTrail.Contract.Reading;

/// <summary>A pipe, a device or a folder is where a regular file is expected.</summary>
public sealed class NotARegularFileException(string path) : IOException($"'{path}' is not a regular file.");
