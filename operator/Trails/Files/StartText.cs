using System.Security.Cryptography;
using System.Text;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Trails.Files;

/// <summary>
/// The texts in ConfigMaps that the Trail names: recipients, which agents read when they start and never again, and authorities, which they
/// follow.
/// </summary>
public sealed record StartText(string Field, string ConfigMapName, string Key)
{
    /// <summary>Whether agents use a change only after a restart.</summary>
    public bool IsReadOnce => Field.StartsWith("spec.encryption.", StringComparison.Ordinal);

    /// <summary>Those that a Trail names, in an order of their own.</summary>
    public static IReadOnlyList<StartText> Of(Trail trail) =>
    [
        .. (trail.Spec.Encryption.Envelope?.Recipients ?? []).Select((recipient, at) =>
            new StartText($"spec.encryption.envelope.recipients[{at}]", recipient.ConfigMapName, recipient.Key)),
        .. Authorities("spec.sink.s3.caBundle", trail.Spec.Sink.S3?.CaBundle),
        .. Authorities("spec.sources.apiServer.bucket.caBundle", trail.Spec.Sources.ApiServer.Bucket?.CaBundle),
        .. Authorities("spec.notifications.webhook.caBundle", trail.Spec.Notifications.Webhook?.CaBundle),
        .. Authorities("spec.integrity.anchor.caBundle", trail.Spec.Integrity.Anchor?.CaBundle),
    ];

    /// <summary>What <see cref="Manifests.AgentInputs.ReferencesHash"/> is of the texts that are read once; null of none.</summary>
    public static string? Hash(IReadOnlyList<string> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in texts)
            hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return texts.Count == 0 ? null : Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    static IEnumerable<StartText> Authorities(string field, CaBundle? bundle) =>
        bundle is null ? [] : [new(field, bundle.ConfigMapName, bundle.Key)];
}
