using System.Security.Cryptography;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Stores;
using ClusterTrail.Verification.Sums;

namespace ClusterTrail.Verification.Keys;

/// <summary>What the key records of a node say of its agents' keys, as far as they are signed by a trusted operator.</summary>
sealed class NodeKeys(IArchiveStore store, ArchiveNode node, TrustedKeys trusted, FindingLog findings)
{
    const int MostRecordBytes = 64 << 10;

    // The operator's clock and the agent's may differ.
    static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(15);

    readonly List<KeyEnrolment> enrolments = [];
    readonly List<KeyRetirement> retirements = [];

    public IReadOnlyList<KeyEnrolment> Enrolments => enrolments;

    /// <summary>How many records count.</summary>
    public long Records { get; private set; }

    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        var records = new List<StoredObject>();
        await foreach (var one in store.ObjectsAsync(node.KeysFolder, cancellationToken))
            if (KeyRecordName.TryParse(one.Name, out _))
                records.Add(one);
        foreach (var one in records)
            await ReadAsync(one.Name, one.Bytes, cancellationToken);
    }

    public bool IsEnrolled(string chain, string keyId) =>
        trusted.HasAgent(keyId) || enrolments.Any(one => one.Owner.Chain == chain && one.Key.Id == keyId);

    /// <summary>When the key was enrolled first; null if it was not.</summary>
    public DateTimeOffset? EnrolledAt(string chain, string keyId) =>
        enrolments.Where(one => one.Owner.Chain == chain && one.Key.Id == keyId).Min(one => (DateTimeOffset?)one.EnrolledAt);

    /// <summary>
    /// When the key was retired that signs nothing at a time; null if it may sign then. A later enrolment ends a retirement.
    /// </summary>
    public DateTimeOffset? RetiredAt(string chain, string keyId, DateTimeOffset time) => retirements
        .Where(one => one.Owner.Chain == chain && one.KeyId == keyId && one.RetiredAt.AddSafely(Tolerance) < time)
        .Where(one => !enrolments.Any(other => other.Owner.Chain == chain && other.Key.Id == keyId
            && other.EnrolledAt > one.RetiredAt && other.EnrolledAt <= time.AddSafely(Tolerance)))
        .Min(one => (DateTimeOffset?)one.RetiredAt);

    async Task ReadAsync(string name, long expectedBytes, CancellationToken cancellationToken)
    {
        try
        {
            if (await SmallObject.ReadAsync(store, name, expectedBytes, MostRecordBytes, cancellationToken) is { } bytes)
                Take(name, bytes);
        }
        catch (StoreException e)
        {
            Report(FindingKind.Unreadable, name, $"It cannot be read: {e.Message}.");
        }
        catch (DigestException e)
        {
            Report(
                e.Fault switch
                {
                    DigestFault.TrailingBytes => FindingKind.TrailingBytes,
                    DigestFault.UnknownVersion => FindingKind.Unreadable,
                    _ => FindingKind.ChangedDigest,
                },
                name, e.Message);
        }
    }

    void Take(string name, byte[] bytes)
    {
        _ = KeyRecordName.TryParse(name, out var says);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes))[..says.Hash.Length];
        var signed = SignedObject.Read(bytes);
        if (hash != says.Hash)
        {
            Report(FindingKind.ChangedDigest, name, $"Its SHA-256 begins with {hash}, and its name says {says.Hash}.");
            return;
        }

        if (SignedContent.KindOf(signed) == KeyRetirement.Kind)
        {
            var retirement = KeyRetirement.Read(signed);
            if (Counts(name, signed, retirement.Owner, retirement.OperatorKeyId, retirement.NameOf(signed)))
                retirements.Add(retirement);
            return;
        }

        var enrolment = KeyEnrolment.Read(signed);
        if (Counts(name, signed, enrolment.Owner, enrolment.OperatorKeyId, enrolment.NameOf(signed)))
            enrolments.Add(enrolment);
    }

    bool Counts(string name, SignedObject signed, ChainOwner owner, string operatorKeyId, KeyRecordName rightName)
    {
        if (trusted.Operator(operatorKeyId) is not { } key)
            return Refuse(FindingKind.UnknownKey, name, $"It is signed by the key {operatorKeyId}, which is not trusted as an operator's.");
        if (!trusted.IsOperatorOf(key, owner.Cluster))
            return Refuse(
                FindingKind.UnknownKey, name,
                $"It is signed by the operator's key {operatorKeyId}, which is trusted for another cluster only.");
        if (!signed.IsSignedBy(key))
            return Refuse(FindingKind.BadSignature, name, $"Its signature is not that of the operator's key {operatorKeyId}.");
        if (new ArchiveNode(owner.Cluster, owner.Trail, owner.Node) != node)
            return Refuse(
                FindingKind.ReplayedDigest, name,
                $"It is a record of {owner.Cluster}/{owner.Trail}/{owner.Node}, and lies in another place.");
        if (!name.EndsWith(rightName.ToString(), StringComparison.Ordinal))
            Report(FindingKind.MisnamedObject, name, $"Its name must be {rightName}.");
        Records++;
        return true;
    }

    bool Refuse(FindingKind kind, string name, string message)
    {
        Report(kind, name, message);
        return false;
    }

    void Report(FindingKind kind, string name, string message) => findings.Add(new(kind, node, null, name, message));
}
