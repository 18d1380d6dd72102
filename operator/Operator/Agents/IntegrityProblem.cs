using ClusterTrail.Archive.Digests;
using ClusterTrail.Archive.Sealing;
using ClusterTrail.Contract.Records;
using ClusterTrail.Contract.Status;
using ClusterTrail.Trails.Manifests;

namespace ClusterTrail.Operator.Agents;

/// <summary>Why what an agent says of its chain of digests cannot be trusted. Pure.</summary>
static class IntegrityProblem
{
    // What JSON numbers are exact to, as in digests.
    const long MostDigests = (1L << 53) - 1;
    const int HashDigits = 64;

    // An agent announces its next digest an hour ahead at most.
    static readonly TimeSpan LongestSpacing = TimeSpan.FromHours(2);

    public static string? Of(IntegrityStatus integrity, DateTimeOffset now) => integrity switch
    {
        // Each name would have an entry in a ConfigMap and an anchor: whoever has taken over a node must not make up many.
        _ when AgentRoles.All.All(role => role.Chain() != integrity.Chain) => Wrong("chain"),
        { Sequence: < 0 or > MostDigests } => Wrong("sequence"),
        { ChainId: { } id } when !IsHex(id, Digest.ChainIdDigits) => Wrong("chainId"),
        { Sha256: { } sha256 } when !IsHex(sha256, HashDigits) => Wrong("sha256"),
        { Sequence: > 0 } and ({ ChainId: null } or { Sha256: null } or { Until: null }) => Wrong("sequence"),
        { Confirmed: { } confirmed } when !IsConfirmed(integrity, confirmed) => Wrong("confirmed"),
        { NextBy: { } next } when next > now + LongestSpacing + CleanReport.ClocksDiffer => Wrong("nextBy"),
        { Records: { Count: > KeyRecords.MostListed } } => Wrong("records"),
        { Records: { } records } when !records.All(hash => hash is not null && IsHex(hash, HashDigits)) => Wrong("records"),
        { Completeness.Hash: { } hash } when !IsHex(hash, HashDigits) => Wrong("completeness.hash"),
        { KeyId: null, PublicKey: null } => null,
        _ => IsKey(integrity) ? null : "integrity.publicKey of its status is not the key that integrity.keyId names.",
    };

    // Only what is sealed can be confirmed, and one number has one digest.
    static bool IsConfirmed(IntegrityStatus integrity, ConfirmedStatus confirmed) => confirmed.Sequence == 0
        ? confirmed is { ChainId: null, Sha256: null, Until: null }
        : confirmed is { Sequence: > 0, Sha256: { } sha256, Until: not null } && confirmed.ChainId == integrity.ChainId
            && confirmed.Sequence <= integrity.Sequence && IsHex(sha256, HashDigits)
            && (confirmed.Sequence < integrity.Sequence || sha256 == integrity.Sha256);

    static string Wrong(string field) => $"integrity.{field} of its status is out of range.";

    static bool IsHex(string text, int digits) => text.Length == digits && text.All(char.IsAsciiHexDigitLower);

    static bool IsKey(IntegrityStatus integrity)
    {
        try
        {
            return integrity.PublicKey is { Length: < 1024 } key && VerifyingKey.FromBase64(key).Id == integrity.KeyId;
        }
        catch (KeyRefusedException)
        {
            return false;
        }
    }
}
