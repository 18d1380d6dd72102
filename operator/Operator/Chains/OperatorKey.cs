using System.Text;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Archive.Sealing;
using ClusterTrail.Kms;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Model;
using k8s.Models;

namespace ClusterTrail.Operator.Chains;

/// <summary>
/// The key with which the operator signs key records: in KMS, or a Secret in its namespace, which it creates if there is none.
/// </summary>
/// <remarks>Guarantee: a Secret that exists is never changed, whatever is in it. Auditors have pinned its public half.</remarks>
sealed class OperatorKey(ICluster cluster, OperatorOptions options, TimeProvider time) : IDisposable
{
    /// <summary>The reason while a key that is kept elsewhere does not sign.</summary>
    public const string UnavailableReason = "SigningKeyUnavailable";

    public const string SecretName = "clustertrail-operator-signing-key";

    /// <summary>The private key's name in the Secret.</summary>
    public const string PrivateKey = "key.pem";

    // A Secret that an admin has repaired is found without a restart.
    static readonly TimeSpan ReadAgain = TimeSpan.FromSeconds(30);

    readonly SemaphoreSlim gate = new(1, 1);
    readonly KmsKey? kms = options.Kms is { } reference ? new(reference, time) : null;
    string? pem;
    string? problem;
    DateTimeOffset readAt = DateTimeOffset.MinValue;

    ObjectKey Name => new(options.Namespace, SecretName);

    /// <returns>A key to sign with, which the caller disposes of, or why there is none.</returns>
    public async Task<(SigningKey? Key, Rejection? Problem)> FindAsync(CancellationToken cancellationToken) =>
        await (kms is null ? FindSecretAsync(cancellationToken) : FindInKmsAsync(kms, cancellationToken));

    /// <summary>What a key that does not sign now means.</summary>
    public static Rejection Unavailable(string why) => new(
        UnavailableReason,
        $"The operator's key does not sign, so no key of an agent can be enrolled or retired. Agents record, seal and deliver as before, "
            + $"and the operator tries again. {why}");

    static async Task<(SigningKey? Key, Rejection? Problem)> FindInKmsAsync(KmsKey kms, CancellationToken cancellationToken)
    {
        try
        {
            return (await KmsSigner.OpenAsync(kms, cancellationToken), null);
        }
        catch (KmsException e)
        {
            return (null, Unavailable(e.Message));
        }
    }

    async Task<(SigningKey? Key, Rejection? Problem)> FindSecretAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            var age = time.GetUtcNow() - readAt;
            if (pem is null && (problem is null || age >= ReadAgain || age < TimeSpan.Zero))
            {
                (pem, problem) = Read(await cluster.GetAsync<V1Secret>(Name, cancellationToken) ?? await CreateAsync(cancellationToken));
                readAt = time.GetUtcNow();
            }

            return (pem is null ? null : SigningKey.FromPem(pem), problem is null ? null : new("SigningKeyDamaged", problem));
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Reads the Secret again at the next call.</summary>
    public void Forget() => (pem, problem, readAt) = (null, null, DateTimeOffset.MinValue);

    public void Dispose()
    {
        gate.Dispose();
        kms?.Dispose();
    }

    async Task<V1Secret> CreateAsync(CancellationToken cancellationToken)
    {
        using var key = SigningKey.Generate();
        var made = new V1Secret
        {
            Metadata = new()
            {
                Name = SecretName,
                NamespaceProperty = options.Namespace,
                Labels = new Dictionary<string, string>
                {
                    ["app.kubernetes.io/name"] = "clustertrail-operator",
                    ["app.kubernetes.io/managed-by"] = "clustertrail-operator",
                },
            },
            Type = "Opaque",
            Data = new Dictionary<string, byte[]> { [PrivateKey] = Encoding.ASCII.GetBytes(key.ToPem()) },
        };
        try
        {
            return await cluster.SaveAsync(made, cancellationToken);
        }
        catch (KubernetesException e) when (e.IsConflict)
        {
            // Another replica was faster: its key counts.
            if (await cluster.GetAsync<V1Secret>(Name, cancellationToken) is { } others)
                return others;
            throw;
        }
    }

    (string? Pem, string? Problem) Read(V1Secret secret)
    {
        if (secret.Data?.TryGetValue(PrivateKey, out var value) != true || value is not { Length: > 0 })
            return (null, Damaged($"it has no {PrivateKey}"));
        try
        {
            var text = Encoding.UTF8.GetString(value);
            using var key = SigningKey.FromPem(text);
            return (text, null);
        }
        catch (KeyRefusedException e)
        {
            return (null, Damaged($"{PrivateKey} cannot be used. {e.Message}"));
        }
    }

    string Damaged(string how) =>
        $"No key of an agent can be enrolled, because the operator cannot use its signing key in Secret {Name}: {how.TrimEnd('.')}. "
            + "Restore the Secret from a copy. If there is none, delete it: the operator creates another key, and enrols all agents with "
            + "it; auditors need its public half in addition to the former one.";
}
