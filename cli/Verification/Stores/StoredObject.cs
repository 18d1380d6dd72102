namespace ClusterTrail.Verification.Stores;

/// <summary>An object of a listing.</summary>
/// <param name="Version">
/// What the store says of its content, such as an ETag: another one means other bytes. Empty if it says nothing.
/// </param>
public readonly record struct StoredObject(string Name, long Bytes, string Version);
