using System.Globalization;
using ClusterTrail.Archive;

namespace ClusterTrail.History.Reading;

/// <summary>A sealed batch where it is stored.</summary>
/// <param name="Name">The path or URL that people know it by.</param>
/// <param name="Key">What its location finds it by.</param>
/// <param name="Batch">What its name says; null where an agent did not give the name.</param>
sealed record ArchiveObject(string Name, string Key, BatchName? Batch) : IComparable<ArchiveObject>
{
    /// <summary>How the names of objects end, for people.</summary>
    internal static string Endings { get; } =
        $"{string.Join(" or ", Enum.GetValues<Codec>().Select(codec => codec.Ending()))}, with {BatchName.EncryptedEnding} if encrypted";

    internal bool IsEncrypted => Name.EndsWith(BatchName.EncryptedEnding, StringComparison.Ordinal);

    /// <summary>How it is compressed, as its name says.</summary>
    internal Codec Codec => CodecOf(Name)!.Value;

    /// <summary>Of a location with more objects than can be sorted.</summary>
    internal static TrailException TooMany(string location) => new(
        ExitCode.Unreadable,
        string.Create(CultureInfo.InvariantCulture, $"{location} has more than {Limits.Objects:N0} objects; give a folder further down."));

    internal static bool IsObjectName(string name) => CodecOf(name) is not null;

    internal static ArchiveObject Of(string name, string key) => new(name, key, BatchName.TryParse(key, out var batch) ? batch : null);

    /// <summary>By time, then node, source and sequence.</summary>
    public int CompareTo(ArchiveObject? other) => Order(this).CompareTo(Order(other!)) is var byTime and not 0
        ? byTime
        : string.CompareOrdinal(Key, other!.Key);

    static Codec? CodecOf(string name)
    {
        var plain = name.EndsWith(BatchName.EncryptedEnding, StringComparison.Ordinal) ? name[..^BatchName.EncryptedEnding.Length] : name;
        return Enum.GetValues<Codec>().Cast<Codec?>().FirstOrDefault(
            codec => plain.EndsWith(codec!.Value.Ending(), StringComparison.Ordinal));
    }

    static (DateTimeOffset, string, string, long) Order(ArchiveObject o) =>
        (o.Batch?.FirstEvent ?? DateTimeOffset.MaxValue, o.Batch?.Node ?? "", o.Batch?.Source ?? "", o.Batch?.Sequence ?? 0);
}
