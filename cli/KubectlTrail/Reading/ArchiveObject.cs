using ClusterTrail.Archive;

namespace ClusterTrail.Kubectl.Reading;

/// <summary>A sealed batch where it is stored.</summary>
/// <param name="Name">The path or URL that people know it by.</param>
/// <param name="Key">What its location finds it by.</param>
/// <param name="Batch">What its name says; null where an agent did not give the name.</param>
sealed record ArchiveObject(string Name, string Key, BatchName? Batch) : IComparable<ArchiveObject>
{
    internal const string PlainEnding = ".ndjson.gz";
    internal const string EncryptedEnding = PlainEnding + ".cms";

    internal bool IsEncrypted => Name.EndsWith(EncryptedEnding, StringComparison.Ordinal);

    internal static bool IsObjectName(string name) =>
        name.EndsWith(PlainEnding, StringComparison.Ordinal) || name.EndsWith(EncryptedEnding, StringComparison.Ordinal);

    internal static ArchiveObject Of(string name, string key) => new(name, key, BatchName.TryParse(key, out var batch) ? batch : null);

    /// <summary>By time, then node, source and sequence.</summary>
    public int CompareTo(ArchiveObject? other) => Order(this).CompareTo(Order(other!)) is var byTime and not 0
        ? byTime
        : string.CompareOrdinal(Key, other!.Key);

    static (DateTimeOffset, string, string, long) Order(ArchiveObject o) =>
        (o.Batch?.FirstEvent ?? DateTimeOffset.MaxValue, o.Batch?.Node ?? "", o.Batch?.Source ?? "", o.Batch?.Sequence ?? 0);
}
