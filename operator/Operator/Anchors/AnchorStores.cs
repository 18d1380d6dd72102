using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Amazon.Runtime;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Cache;
using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Operator.Anchors;

/// <summary>Opens the buckets of anchors with the credentials that a Trail names.</summary>
sealed class AnchorStores(ICluster cluster, ClusterCache cache, string @namespace)
{
    public static string Describe(TrailAnchor anchor) => $"s3://{anchor.Bucket}/{anchor.Prefix}".TrimEnd('/');

    /// <exception cref="AnchorException">The credentials or the authorities are missing or damaged.</exception>
    public async Task<IAnchorStore> OpenAsync(TrailAnchor anchor, CancellationToken cancellationToken)
    {
        // The copy of the cluster has no values of Secrets.
        var name = new ObjectKey(@namespace, anchor.Credentials.Name);
        var secret = await cluster.GetAsync<V1Secret>(name, cancellationToken)
            ?? throw new AnchorException(
                "SecretNotFound", $"spec.integrity.anchor.credentials names Secret {name}, which does not exist; create it.");
        var (id, key) = (Value(secret, anchor.Credentials.AccessKeyIdKey), Value(secret, anchor.Credentials.SecretAccessKeyKey));
        AWSCredentials credentials = anchor.Credentials.SessionTokenKey is { } token
            ? new SessionAWSCredentials(id, key, Value(secret, token))
            : new BasicAWSCredentials(id, key);
        return new S3AnchorStore(anchor, credentials, Authorities(anchor));
    }

    static string Value(V1Secret secret, string key) =>
        secret.Data?.TryGetValue(key, out var value) == true && Encoding.UTF8.GetString(value).Trim() is { Length: > 0 } text
            ? text
            : throw new AnchorException(
                "KeyNotFound", $"spec.integrity.anchor.credentials needs the key {key} of Secret {secret.Key}, which is missing or empty.");

    X509Certificate2Collection? Authorities(TrailAnchor anchor)
    {
        if (anchor.CaBundle is not { } bundle)
            return null;
        var name = new ObjectKey(@namespace, bundle.ConfigMapName);
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPem(cache.ConfigMaps.Find(name)?.Data?[bundle.Key] ?? "");
            return authorities.Count > 0 ? authorities : throw new CryptographicException();
        }
        catch (Exception e) when (e is CryptographicException or KeyNotFoundException)
        {
            throw new AnchorException(
                "InvalidReference",
                $"spec.integrity.anchor.caBundle names the key {bundle.Key} of ConfigMap {name}, which holds no certificate in PEM.", e);
        }
    }
}
