using System.Globalization;
using System.Security.Cryptography;
using ClusterTrail.Archive;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Verification.Chains;

/// <summary>Reads digests, and checks what can be checked of one alone: hash, form, place and signature.</summary>
sealed class DigestReader(IArchiveStore store, ArchiveNode node, DigestCatalog catalog, FindingLog findings, ArchiveScope scope)
{
    const byte Lf = (byte)'\n';
    const int LargeBytes = 1 << 20;

    static readonly Lock Large = new();

    public Task<byte[]?> FetchAsync(DigestEntry entry, CancellationToken cancellationToken) =>
        SmallObject.ReadAsync(store, catalog.NameOf(entry), entry.Bytes, SignedObject.MostBytes, cancellationToken);

    public DigestReading Read(DigestEntry entry, bool isChecked, Func<byte[]?> fetched)
    {
        var (name, label) = (catalog.NameOf(entry), catalog.LabelOf(entry));
        var reading = new DigestReading(entry, name, label, isChecked, null, "", false) { RightName = name };
        try
        {
            return fetched() is { } bytes
                ? Check(reading, bytes)
                : Refuse(reading, FindingKind.MissingDigest, "It was listed, and is not there.");
        }
        catch (StoreException e)
        {
            return Refuse(reading, FindingKind.Unreadable, $"It cannot be read: {e.Message}.");
        }
        catch (DigestException e)
        {
            var unknown = e.Fault == DigestFault.UnknownVersion;
            return Refuse(reading, unknown ? FindingKind.Unreadable : FindingKind.ChangedDigest, e.Message);
        }
    }

    DigestReading Check(DigestReading reading, byte[] stored)
    {
        var bytes = WithoutTrailing(stored);
        var isCut = bytes.Length < stored.Length;
        if (isCut)
            Report(
                reading, FindingKind.TrailingBytes,
                $"{stored.Length - bytes.Length} bytes stand behind its second line, and nobody signed them.");
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var says = reading.Entry.Hash.ToString("x16", CultureInfo.InvariantCulture);
        var hasItsHash = sha256.StartsWith(says, StringComparison.Ordinal);
        if (!hasItsHash && !isCut)
            return Refuse(
                reading, FindingKind.ChangedDigest, $"Its SHA-256 begins with {sha256[..BatchName.HashDigits]}, and its name says {says}.");

        var signer = DigestSignature.Of(bytes);
        if (signer is { IsSigned: false } other)
            return Refuse(reading, FindingKind.BadSignature, $"Its signature is not that of the key {other.Key.Id}, which it names.");
        var (signed, digest) = TakeApart(bytes);
        if (digest.Key != signer?.Key)
            return Refuse(reading, FindingKind.BadSignature, $"Its signature is not that of the key {digest.Key.Id}, which it names.");
        var owner = digest.Owner;
        if (new ArchiveNode(owner.Cluster, owner.Trail, owner.Node) != node || owner.Chain != reading.Label)
            return Refuse(
                reading, FindingKind.ReplayedDigest,
                $"It is a digest of {owner.Cluster}/{owner.Trail}/{owner.Node}, chain {owner.Chain}, and lies in another place.");
        // Its name may be dated outside of the period; what is signed counts.
        reading = reading with { IsChecked = reading.IsChecked || scope.Contains(digest.Until) };
        var rightName = digest.NameOf(signed).ToString();
        var isInPlace = rightName == reading.Name
            || (isCut && (digest.Sequence, digest.Until) == (reading.Entry.Sequence, reading.Entry.SealedAt));
        if (!isInPlace)
            Report(reading, FindingKind.MisnamedObject, $"Its name must be {rightName}.");
        return reading with
        {
            Digest = digest,
            Sha256 = sha256,
            SignedSha256 = Convert.ToHexStringLower(SHA256.HashData(signed.SignedBytes.Span)),
            IsInPlace = isInPlace,
            RightName = rightName,
        };
    }

    // That takes many times its size, which several nodes must not do at once.
    static (SignedObject Signed, Digest Digest) TakeApart(byte[] bytes)
    {
        if (bytes.Length <= LargeBytes)
            return Parse(bytes);
        lock (Large)
            return Parse(bytes);
    }

    static (SignedObject Signed, Digest Digest) Parse(byte[] bytes)
    {
        var signed = SignedObject.Read(bytes);
        return (signed, Digest.Read(signed));
    }

    // Only what is a signed object up to its second line, and has more behind it.
    static byte[] WithoutTrailing(byte[] bytes)
    {
        var first = bytes.AsSpan().IndexOf(Lf) + 1;
        var second = first == 0 ? 0 : bytes.AsSpan(first).IndexOf(Lf) + 1;
        return second == 0 || first + second == bytes.Length ? bytes : bytes[..(first + second)];
    }

    DigestReading Refuse(DigestReading reading, FindingKind kind, string message)
    {
        Report(reading, kind, message);
        return reading;
    }

    void Report(DigestReading reading, FindingKind kind, string message)
    {
        if (reading.IsChecked)
            findings.Add(new(kind, node, reading.Label, reading.Name, message));
    }
}
