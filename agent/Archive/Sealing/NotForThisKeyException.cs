namespace ClusterTrail.Archive.Sealing;

/// <summary>The envelope is sealed for other keys.</summary>
public sealed class NotForThisKeyException(IReadOnlyList<string> keyIds, string keyId)
    : EnvelopeException($"it is encrypted for {Names(keyIds)} and not for this key, {keyId}")
{
    const int MostNames = 10;

    /// <summary>The key ids it is sealed for, in hexadecimal.</summary>
    public IReadOnlyList<string> KeyIds => keyIds;

    static string Names(IReadOnlyList<string> keyIds) => keyIds.Count == 0
        ? "keys of kinds that ClusterTrail does not know"
        : $"the key{(keyIds.Count == 1 ? "" : "s")} {string.Join(", ", keyIds.Take(MostNames))}{Others(keyIds.Count - MostNames)}";

    static string Others(int others) => others > 0 ? $" and {others} more" : "";
}
