using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClusterTrail.Archive.Sealing;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Cache;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;
using ClusterTrail.Trails.Manifests;
using k8s.Models;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>The Secrets and ConfigMaps that a Trail names: whether they exist and are valid, and their content.</summary>
/// <param name="Problems">Empty when all can be used.</param>
/// <param name="Hash">Changes if agents must restart to use a change. Secrets and rule files are reloaded without a restart.</param>
/// <param name="RuleFiles">In the Trail's order; null while not all can be used.</param>
sealed record References(IReadOnlyList<Rejection> Problems, string? Hash, IReadOnlyList<TrailRuleFile>? RuleFiles)
{
    /// <summary>The names of what the Trail refers to.</summary>
    public static IEnumerable<string> Names(Trail trail) =>
    [
        .. StartText.Of(trail).Select(text => text.ConfigMapName),
        .. trail.Spec.Detections.RuleFiles.Select(file => file.ConfigMapName),
        .. new[]
        {
            trail.Spec.Sources.ApiServer.Bucket?.Credentials.Secret?.Name,
            trail.Spec.Sources.ApiServer.EventHubs?.ConnectionString.SecretName, trail.Spec.Sink.S3?.Credentials.Secret?.Name,
            trail.Spec.Notifications.Webhook?.Secret?.Name,
            trail.Spec.Integrity.Anchor?.Credentials.Name, trail.Spec.Sources.ApiServer.Receiver()?.CertificateSecretName,
        }.OfType<string>(),
    ];

    public static References Check(Trail trail, ClusterCache cache, string ownNamespace)
    {
        var problems = new List<Rejection>();
        var texts = new List<string>();
        foreach (var named in StartText.Of(trail))
        {
            var (field, name, key) = named;
            if (Read(cache, new(ownNamespace, name), field, key, problems)?.Data![key] is not { } text)
                continue;
            if ((named.IsReadOnce ? RecipientProblem(text) : AuthoritiesProblem(text)) is { } wrong)
                problems.Add(new("InvalidReference", $"{field} names the key {key} of ConfigMap {ownNamespace}/{name}: {wrong}"));
            if (named.IsReadOnce)
                texts.Add(text);
        }

        foreach (var (field, name, keys) in Secrets(trail))
            CheckSecret(cache, new(ownNamespace, name), field, keys, problems);
        var files = trail.Spec.Detections.RuleFiles.Select((file, at) =>
            Parse(file, $"spec.detections.ruleFiles[{at}]", cache, ownNamespace, problems));
        var ruleFiles = files.OfType<TrailRuleFile>().ToList();
        return new(
            problems, StartText.Hash(texts),
            ruleFiles.Count == trail.Spec.Detections.RuleFiles.Count ? ruleFiles : null);
    }

    static IEnumerable<(string Field, string Name, IEnumerable<string> Keys)> Secrets(Trail trail)
    {
        if (trail.Spec.Sink.S3?.Credentials.Secret is { } s3)
            yield return ("spec.sink.s3.credentials.secret", s3.Name, Keys(s3));
        if (trail.Spec.Sources.ApiServer.Bucket?.Credentials.Secret is { } feed)
            yield return ("spec.sources.apiServer.bucket.credentials.secret", feed.Name, Keys(feed));
        if (trail.Spec.Sources.ApiServer.EventHubs?.ConnectionString is { } hub)
            yield return ("spec.sources.apiServer.eventHubs.connectionString", hub.SecretName, [hub.Key]);
        if (trail.Spec.Sources.ApiServer.Receiver()?.CertificateSecretName is { } receiver)
            yield return ("spec.sources.apiServer.webhook.certificateSecretName", receiver,
                [ReceiverSecrets.Certificate, ReceiverSecrets.Key, ReceiverSecrets.Authorities]);
        if (trail.Spec.Notifications.Webhook?.Secret is { } signing)
            yield return ("spec.notifications.webhook.secret", signing.Name, [signing.Key]);
        if (trail.Spec.Integrity.Anchor?.Credentials is { } anchor)
            yield return ("spec.integrity.anchor.credentials", anchor.Name, Keys(anchor));
    }

    /// <returns>A ConfigMap that has the key; null when there is none, which is reported.</returns>
    static V1ConfigMap? Read(ClusterCache cache, ObjectKey name, string field, string key, List<Rejection> problems)
    {
        if (cache.ConfigMaps.Find(name) is not { } map)
            problems.Add(new("ConfigMapNotFound", $"{field} names ConfigMap {name}, which does not exist; create it."));
        else if (ConfigMapBudget.IsLeftOut(map))
            problems.Add(new("ConfigMapsTooLarge",
                $"{field} names ConfigMap {name}, which the operator does not read: the ConfigMaps of its namespace together have "
                    + $"more than {ConfigMapBudget.Default >> 21} million characters. Delete those that no Trail names."));
        else if (map.Data?.TryGetValue(key, out var text) is not true || text.Length == 0)
            problems.Add(new("KeyNotFound", $"{field} names the key {key} of ConfigMap {name}, which has {Keys(map.Data?.Keys)}."));
        else
            return map;
        return null;
    }

    static TrailRuleFile? Parse(RuleFileReference file, string field, ClusterCache cache, string ownNamespace, List<Rejection> problems)
    {
        if (Read(cache, new(ownNamespace, file.ConfigMapName), field, file.Key, problems) is not { } map)
            return null;
        var parsed = ParsedRuleFile.Of(map, file.Key);
        if (parsed.Problem is { } wrong)
            problems.Add(new("InvalidReference", $"{field}: {wrong}"));
        return parsed.File;
    }

    static void CheckSecret(ClusterCache cache, ObjectKey name, string field, IEnumerable<string> keys, List<Rejection> problems)
    {
        if (cache.Secrets.Find(name) is not { } secret)
        {
            problems.Add(new("SecretNotFound", $"{field} names Secret {name}, which does not exist; create it."));
            return;
        }

        foreach (var key in keys)
        {
            if (secret.Data?.TryGetValue(key, out var value) is not true || value.Length == 0)
                problems.Add(new("KeyNotFound", $"{field} needs the key {key} of Secret {name}, which has {Keys(secret.Data?.Keys)}."));
        }
    }

    static IEnumerable<string> Keys(CredentialsSecret secret) =>
        new[] { secret.AccessKeyIdKey, secret.SecretAccessKeyKey, secret.SessionTokenKey }.OfType<string>();

    static string Keys(IEnumerable<string>? keys) => keys?.Any() == true ? $"only {string.Join(", ", keys.Order())}" : "no keys";

    static string? RecipientProblem(string pem)
    {
        try
        {
            _ = Recipient.FromPem(pem);
            return null;
        }
        catch (KeyRefusedException e)
        {
            return e.Message;
        }
    }

    static string? AuthoritiesProblem(string pem)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPem(pem);
            return authorities.Count > 0 ? null : "it holds no certificate in PEM.";
        }
        catch (CryptographicException)
        {
            return "it holds no certificate in PEM.";
        }
    }
}
