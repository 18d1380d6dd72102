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

    /// <summary>All public keys of a file in PEM; what stands around them is for people.</summary>
    /// <exception cref="KeyRefusedException">It has none, or one that is no such key.</exception>
    public static IReadOnlyList<VerifyingKey> Read(ReadOnlySpan<byte> pem)
    {
        var keys = new List<VerifyingKey>();
        // Editors of some systems put a byte order mark before the text, and PEM's reader takes nothing before it.
        var rest = Encoding.UTF8.GetString(pem).AsSpan().TrimStart('\uFEFF');
        while (PemEncoding.TryFind(rest, out var fields))
        {
            keys.Add(VerifyingKey.FromPem(rest[fields.Location].ToString()));
            rest = rest[fields.Location.End..];
        }

        return keys.Count > 0 ? keys : throw new KeyRefusedException("It has no public key in PEM.");
    }

    internal VerifyingKey? Operator(string keyId) => Operators.FirstOrDefault(key => key.Id == keyId);

    internal bool HasAgent(string keyId) => Agents.Any(key => key.Id == keyId);
}
