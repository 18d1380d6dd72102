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
    // 256 bits.
    const int TokenLetters = 64;

    // Two thirds of a server certificate's life.
    static readonly TimeSpan RenewAfter = ReceiverAuthority.ServerLife * (2.0 / 3);

    /// <summary>Creates what the Trail's receivers lack.</summary>
    /// <returns>Why they cannot have it; null if they have, or need none.</returns>
    public async Task<Rejection?> EnsureAsync(Trail trail, CancellationToken cancellationToken)
    {
        if (trail.Spec.Sources.ApiServer.Called() is not { CertificateSecretName: null })
            return null;
        var name = trail.Metadata.Name;
        try
        {
            if (await TakenAsync(trail, ReceiverSecrets.Authority(name), AuthorityData, cancellationToken) is { } taken)
                return taken;
            var generation = NextServer(
                [
                    .. Enumerable.Range(1, ReceiverSecrets.Generations).Select(number =>
                        (DateTimeOffset?)cache.Secrets.Find(Key(ReceiverSecrets.Server(name, number)))?.Metadata.CreationTimestamp),
                ],
                time.GetUtcNow());
            if (generation > ReceiverSecrets.Generations)
            {
                return new(
                    "CertificateExpires",
                    $"The receivers' server certificate is to be replaced, and Secrets {ReceiverSecrets.Server(name, 1)} to "
                        + $"{ReceiverSecrets.Server(name, ReceiverSecrets.Generations)} all exist. Delete the oldest of them.");
            }

            return (generation == 0 ? null : await TakenAsync(
                    trail, ReceiverSecrets.Server(name, generation),
                    () => SignedAsync(
                        name, (authority, now) => ReceiverAuthority.ForServer(authority, now, Hosts(name)), cancellationToken),
                    cancellationToken))
                ?? (trail.Spec.Sources.ApiServer.Asked() is not null
                    ? await TakenAsync(trail, ReceiverSecrets.Admission(name), TokenData, cancellationToken)
                    : await TakenAsync(
                        trail, ReceiverSecrets.Client(name), () => SignedAsync(name, ReceiverAuthority.ForApiServer, cancellationToken),
                        cancellationToken));

            static Task<Dictionary<string, byte[]>> TokenData() => Task.FromResult<Dictionary<string, byte[]>>(new()
            {
                [ReceiverSecrets.Token] = Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(TokenLetters, lowercase: true)),
            });

            Task<Dictionary<string, byte[]>> AuthorityData() => Task.FromResult(
                Data(ReceiverAuthority.New(name, time.GetUtcNow()), ReceiverSecrets.Authorities, ReceiverSecrets.AuthorityKey));
        }
        catch (CryptographicException e)
        {
            return new(
                "InvalidReceiverAuthority",
                $"Secret {Key(ReceiverSecrets.Authority(name))} does not have what the operator wrote there: {e.Message.TrimEnd('.')}. "
                    + $"Restore it from a copy; or delete it and all Secrets {new AgentNames(name).Shared}-receiver-*, and give API "
                    + "servers the new kubeconfig.");
        }
    }

    /// <param name="created">When each of the server certificates was made; null where there is none.</param>
    /// <returns>The generation to make now; 0 if the newest is young enough, and one more than there are if there is no room.</returns>
    public static int NextServer(IReadOnlyList<DateTimeOffset?> created, DateTimeOffset now)
    {
        if (created.Max() is { } newest && now - newest < RenewAfter)
            return 0;
        var free = created.ToList().IndexOf(null);
        return (free < 0 ? created.Count : free) + 1;
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

    // A name of the Service too, whether there is one or not: the Trail may get one.
    string[] Hosts(string trail)
    {
        var host = ReceiverService.Host(trail, options.Namespace);
        return ["localhost", host, $"{host}.cluster.local"];
    }

    ObjectKey Key(string name) => new(options.Namespace, name);
}
