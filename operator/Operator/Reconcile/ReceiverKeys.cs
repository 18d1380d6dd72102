using System.Security.Cryptography;
using System.Text;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Cache;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Manifests;
using k8s.Models;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>
/// The certificates of agents that receive audit events, and of the API servers that call them. The operator creates Secrets, and never
/// changes or deletes one.
/// </summary>
sealed class ReceiverKeys(ICluster cluster, ClusterCache cache, OperatorOptions options, TimeProvider time)
{
    // Two thirds of a server certificate's life.
    static readonly TimeSpan RenewAfter = ReceiverAuthority.ServerLife * (2.0 / 3);

    /// <summary>Creates what the Trail's receivers lack.</summary>
    /// <returns>Why they cannot have it; null if they have, or need none.</returns>
    public async Task<Rejection?> EnsureAsync(Trail trail, CancellationToken cancellationToken)
    {
        if (trail.Spec.Sources.ApiServer.Receiver() is not { CertificateSecretName: null })
            return null;
        var name = trail.Metadata.Name;
        try
        {
            if (await TakenAsync(trail, ReceiverSecrets.Authority(name), AuthorityData, cancellationToken) is { } taken)
                return taken;
            var generation = NextServer(name);
            if (generation > ReceiverSecrets.Generations)
            {
                return new(
                    "CertificateExpires",
                    $"The receivers' server certificate is to be replaced, and Secrets {ReceiverSecrets.Server(name, 1)} to "
                        + $"{ReceiverSecrets.Server(name, ReceiverSecrets.Generations)} all exist. Delete the oldest of them.");
            }

            return (generation == 0 ? null : await TakenAsync(
                    trail, ReceiverSecrets.Server(name, generation), () => SignedAsync(name, ReceiverAuthority.ForServer, cancellationToken), cancellationToken))
                ?? await TakenAsync(
                    trail, ReceiverSecrets.Client(name), () => SignedAsync(name, ReceiverAuthority.ForApiServer, cancellationToken), cancellationToken);

            Task<Dictionary<string, byte[]>> AuthorityData() => Task.FromResult(
                Data(ReceiverAuthority.New(name, time.GetUtcNow()), ReceiverSecrets.Authorities, ReceiverSecrets.AuthorityKey));
        }
        catch (CryptographicException e)
        {
            return new(
                "InvalidReceiverAuthority",
                $"Secret {Key(ReceiverSecrets.Authority(name))} does not have what the operator wrote there: {e.Message.TrimEnd('.')}. Restore it "
                    + $"from a copy; or delete it and all Secrets {new AgentNames(name).Shared}-receiver-*, and give API servers the new kubeconfig.");
        }
    }

    // 0: the newest one is young enough, or there may be one that our copy does not show yet.
    int NextServer(string trail)
    {
        var missing = 0;
        V1Secret? newest = null;
        for (var generation = 1; generation <= ReceiverSecrets.Generations; generation++)
        {
            if (cache.Secrets.Find(Key(ReceiverSecrets.Server(trail, generation))) is not { } secret)
                missing = missing == 0 ? generation : missing;
            else if (newest is null || secret.Metadata.CreationTimestamp > newest.Metadata.CreationTimestamp)
                newest = secret;
        }

        var isYoung = newest is not null && time.GetUtcNow() - newest.Metadata.CreationTimestamp < RenewAfter;
        return isYoung ? 0 : missing == 0 ? ReceiverSecrets.Generations + 1 : missing;
    }

    async Task<Rejection?> TakenAsync(
        Trail trail, string name, Func<Task<Dictionary<string, byte[]>>> data, CancellationToken cancellationToken)
    {
        var key = Key(name);
        if (cache.Secrets.Find(key) is { } there)
            return Ownership.IsOf(there, trail) ? null : Ownership.Taken("Secret", key, there);
        try
        {
            await cluster.SaveAsync(ReceiverSecrets.Build(trail, key, await data()), cancellationToken);
        }
        catch (KubernetesException e) when (e.IsConflict)
        {
            // Our copy does not show it yet, or another's: it is looked at when it does.
        }

        return null;
    }

    // The copy of the cluster has no values of Secrets.
    async Task<Dictionary<string, byte[]>> SignedAsync(
        string trail, Func<(string, string), DateTimeOffset, (string, string)> sign, CancellationToken cancellationToken)
    {
        var secret = await cluster.GetAsync<V1Secret>(Key(ReceiverSecrets.Authority(trail)), cancellationToken);
        var authority = (Text(secret, ReceiverSecrets.Authorities), Text(secret, ReceiverSecrets.AuthorityKey));
        return Data(sign(authority, time.GetUtcNow()), ReceiverSecrets.Certificate, ReceiverSecrets.Key);
    }

    static string Text(V1Secret? secret, string key) => secret?.Data?.TryGetValue(key, out var value) == true
        ? Encoding.UTF8.GetString(value) : throw new CryptographicException($"it has no {key}");

    static Dictionary<string, byte[]> Data((string Certificate, string Key) pem, string certificate, string key) => new()
    {
        [certificate] = Encoding.ASCII.GetBytes(pem.Certificate),
        [key] = Encoding.ASCII.GetBytes(pem.Key),
    };

    ObjectKey Key(string name) => new(options.Namespace, name);
}
