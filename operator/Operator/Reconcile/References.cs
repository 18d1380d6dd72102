using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClusterTrail.Archive.Sealing;
using ClusterTrail.Operator.Watching;
using ClusterTrail.Trails;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>The Secrets and ConfigMaps that a Trail names: whether they are there and fit, and what they hold.</summary>
/// <param name="Problems">Empty when all can be used.</param>
/// <param name="Hash">Changes when an agent must start anew to take up a change. Credentials are taken up without.</param>
sealed record References(IReadOnlyList<Problem> Problems, string? Hash)
{
    /// <summary>The names of what the Trail refers to.</summary>
    public static IEnumerable<string> Names(Trail trail) =>
    [
        .. Recipients(trail).Select(recipient => recipient.ConfigMapName),
        .. new[] { trail.Spec.Sink.S3?.CaBundle?.ConfigMapName, trail.Spec.Sink.S3?.Credentials.Secret?.Name }.OfType<string>(),
    ];

    public static References Check(Trail trail, KnownCluster known, string ownNamespace)
    {
        var problems = new List<Problem>();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var hashed = false;
        foreach (var (field, name, key, check) in Texts(trail))
        {
            var text = Read(known, ownNamespace, field, name, key, problems);
            if (text is null)
                continue;
            if (check(text) is { } wrong)
                problems.Add(new("InvalidReference", $"{field} names the key {key} of ConfigMap {ownNamespace}/{name}: {wrong}"));
            hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
            hashed = true;
        }

        CheckCredentials(trail, known, ownNamespace, problems);
        return new(problems, hashed ? Convert.ToHexStringLower(hash.GetHashAndReset()) : null);
    }

    static IReadOnlyList<EnvelopeRecipient> Recipients(Trail trail) => trail.Spec.Encryption.Envelope?.Recipients ?? [];

    static IEnumerable<(string Field, string Name, string Key, Func<string, string?> Check)> Texts(Trail trail)
    {
        for (var at = 0; at < Recipients(trail).Count; at++)
            yield return ($"spec.encryption.envelope.recipients[{at}]", Recipients(trail)[at].ConfigMapName, Recipients(trail)[at].Key, RecipientProblem);
        if (trail.Spec.Sink.S3?.CaBundle is { } authorities)
            yield return ("spec.sink.s3.caBundle", authorities.ConfigMapName, authorities.Key, AuthoritiesProblem);
    }

    static string? Read(KnownCluster known, string ownNamespace, string field, string name, string key, List<Problem> problems)
    {
        if (known.ConfigMaps.Find(new(ownNamespace, name)) is not { } map)
            problems.Add(new("ConfigMapNotFound", $"{field} names ConfigMap {ownNamespace}/{name}, which does not exist; create it."));
        else if (map.Data?.GetValueOrDefault(key) is not { Length: > 0 } text)
            problems.Add(new("KeyNotFound", $"{field} names the key {key} of ConfigMap {ownNamespace}/{name}, which has {Keys(map.Data?.Keys)}."));
        else
            return text;
        return null;
    }

    static void CheckCredentials(Trail trail, KnownCluster known, string ownNamespace, List<Problem> problems)
    {
        const string Field = "spec.sink.s3.credentials.secret";
        if (trail.Spec.Sink.S3?.Credentials.Secret is not { } names)
            return;
        if (known.Secrets.Find(new(ownNamespace, names.Name)) is not { } secret)
        {
            problems.Add(new("SecretNotFound", $"{Field} names Secret {ownNamespace}/{names.Name}, which does not exist; create it."));
            return;
        }

        foreach (var key in new[] { names.AccessKeyIdKey, names.SecretAccessKeyKey, names.SessionTokenKey }.OfType<string>())
        {
            if (secret.Data?.GetValueOrDefault(key) is not { Length: > 0 })
                problems.Add(new("KeyNotFound", $"{Field} needs the key {key} of Secret {ownNamespace}/{names.Name}, which has {Keys(secret.Data?.Keys)}."));
        }
    }

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
