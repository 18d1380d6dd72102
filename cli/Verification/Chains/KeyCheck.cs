using ClusterTrail.Archive.Digests;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Keys;

namespace ClusterTrail.Verification.Chains;

/// <summary>Which keys may sign the digests of a chain.</summary>
sealed class KeyCheck(NodeKeys keys, string label)
{
    readonly HashSet<string> known = [];
    readonly HashSet<string> spent = [];
    readonly Dictionary<(FindingKind Kind, string KeyId), (string Name, string Message, long Count)> faults = [];

    /// <summary>Whether any digest was signed by a known key.</summary>
    public bool HasKnown { get; private set; }

    /// <summary>What was wrong: one for each key, with how many digests it signed.</summary>
    public IEnumerable<(FindingKind Kind, string Name, string Message, long Count)> Faults =>
        faults.Select(one => (one.Key.Kind, one.Value.Name, one.Value.Message, one.Value.Count));

    public bool Knows(string keyId) => known.Contains(keyId);

    /// <summary>Whether a digest that has no place in the order counts: it may be older than what announced another key.</summary>
    public bool Takes(DigestReading reading)
    {
        var keyId = reading.Digest!.Key.Id;
        if (known.Contains(keyId) || keys.IsEnrolled(label, keyId))
            return true;
        Fault(reading, FindingKind.UnknownKey, $"The key {keyId} is not known.");
        return !HasKnown;
    }

    /// <param name="before">The digest right before, if it is there.</param>
    /// <returns>Null if the key may sign it; otherwise what is wrong.</returns>
    public FindingKind? Check(DigestReading reading, Digest? before)
    {
        var digest = reading.Digest!;
        var keyId = digest.Key.Id;
        if (!keys.IsEnrolled(label, keyId) && !known.Contains(keyId))
            return Fault(
                reading, FindingKind.UnknownKey,
                $"The key {keyId} is not enrolled by a trusted operator, not announced by a known key, and not trusted itself.");

        var isSpent = spent.Contains(keyId) || (before is not null && before.NextKey is { } announced && announced != digest.Key);
        var retired = keys.RetiredAt(label, keyId, digest.Until);
        var differs = before is not null && (before.NextKey ?? before.Key) != digest.Key;
        Learn(digest);
        if (isSpent)
            return Fault(reading, FindingKind.RetiredKey, $"The key {keyId} had announced another one to follow it, and signs no more.");
        if (retired is { } time)
            return Fault(reading, FindingKind.RetiredKey, $"The key {keyId} was retired at {SignedTime.Text(time)}.");
        return differs
            ? Fault(
                reading, FindingKind.ForkedChain,
                $"It is signed by the key {keyId}, and the digest before does not announce another key.")
            : null;
    }

    void Learn(Digest digest)
    {
        HasKnown = true;
        known.Add(digest.Key.Id);
        if (digest.NextKey is not { } next)
            return;
        spent.Add(digest.Key.Id);
        spent.Remove(next.Id);
        known.Add(next.Id);
    }

    FindingKind Fault(DigestReading reading, FindingKind kind, string message)
    {
        if (!reading.IsChecked)
            return kind;
        var key = (kind, reading.Digest!.Key.Id);
        var already = faults.GetValueOrDefault(key, (reading.Name, message, 0));
        faults[key] = already with { Item3 = already.Item3 + 1 };
        return kind;
    }
}
