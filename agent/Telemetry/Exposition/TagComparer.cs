using System.Diagnostics.CodeAnalysis;

namespace ClusterTrail.Telemetry.Exposition;

/// <summary>Finds a series by its tags as they lie on the stack, in any order, without allocating.</summary>
/// <remarks>Assumption: no tag name appears twice in a measurement.</remarks>
public sealed class TagComparer :
    IEqualityComparer<KeyValuePair<string, object?>[]>,
    IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, KeyValuePair<string, object?>[]>
{
    public static TagComparer Instance { get; } = new();

    public KeyValuePair<string, object?>[] Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => alternate.ToArray();

    public bool Equals(KeyValuePair<string, object?>[]? x, KeyValuePair<string, object?>[]? y) => Equals(x.AsSpan(), y ?? []);

    public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, KeyValuePair<string, object?>[] other)
    {
        if (alternate.Length != other.Length)
            return false;
        foreach (var tag in alternate)
            if (!Contains(other, tag))
                return false;
        return true;
    }

    public int GetHashCode([DisallowNull] KeyValuePair<string, object?>[] obj) => GetHashCode(obj.AsSpan());

    public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
    {
        var hash = alternate.Length;
        foreach (var tag in alternate)
            hash ^= HashCode.Combine(tag.Key, tag.Value);
        return hash;
    }

    static bool Contains(KeyValuePair<string, object?>[] tags, KeyValuePair<string, object?> wanted)
    {
        foreach (var tag in tags)
            if (tag.Key == wanted.Key && Equals(tag.Value, wanted.Value))
                return true;
        return false;
    }
}
