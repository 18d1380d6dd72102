using System.Security.Cryptography;
using System.Text;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Archive.Sealing;

namespace ClusterTrail.Verification.Keys;

/// <summary>The keys that the auditor trusts without being told so by the archive.</summary>
/// <param name="Operators">Those that sign key records.</param>
/// <param name="Agents">Those that sign digests, where there is no operator to enrol them.</param>
/// <remarks>They are apart: an agent's key must not enrol another one.</remarks>
public sealed record TrustedKeys(IReadOnlyList<VerifyingKey> Operators, IReadOnlyList<VerifyingKey> Agents)
{
    public static TrustedKeys None { get; } = new([], []);

    /// <summary>The clusters for which an operator's key counts, by its id; a key that is not there counts for all.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Clusters { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>
    /// All public keys of a file in PEM, each with the cluster that a line <c># cluster: NAME</c> before it names; what else stands around
    /// them is for people.
    /// </summary>
    /// <exception cref="KeyRefusedException">It has none, or one that is no such key.</exception>
    public static IReadOnlyList<(VerifyingKey Key, string? Cluster)> Read(ReadOnlySpan<byte> pem)
    {
        var keys = new List<(VerifyingKey, string?)>();
        // Editors of some systems put a byte order mark before the text, and PEM's reader takes nothing before it.
        var rest = Encoding.UTF8.GetString(pem).AsSpan().TrimStart('\uFEFF');
        while (PemEncoding.TryFind(rest, out var fields))
        {
            keys.Add((VerifyingKey.FromPem(rest[fields.Location].ToString()), ClusterOf(rest[..fields.Location.Start])));
            rest = rest[fields.Location.End..];
        }

        return keys.Count > 0 ? keys : throw new KeyRefusedException("It has no public key in PEM.");
    }

    // Of several, the last one before the key.
    static string? ClusterOf(ReadOnlySpan<char> before)
    {
        const string Named = "cluster:";
        string? cluster = null;
        foreach (var line in before.EnumerateLines())
        {
            var text = line.TrimStart('#').Trim();
            if (line.StartsWith("#") && text.StartsWith(Named, StringComparison.Ordinal) && !text[Named.Length..].IsWhiteSpace())
                cluster = text[Named.Length..].Trim().ToString();
        }

        return cluster;
    }

    /// <summary>An operator's key, of whatever cluster.</summary>
    public VerifyingKey? Operator(string keyId) => Operators.FirstOrDefault(key => key.Id == keyId);

    /// <summary>Whether the key may say something of a cluster.</summary>
    public bool IsOperatorOf(VerifyingKey key, string cluster) => !Clusters.TryGetValue(key.Id, out var named) || named.Contains(cluster);

    internal bool HasAgent(string keyId) => Agents.Any(key => key.Id == keyId);
}
