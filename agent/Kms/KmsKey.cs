using System.Security.Cryptography;
using Amazon;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.Runtime;
using Amazon.RuntimeDependencies;
using Amazon.SecurityToken;

namespace ClusterTrail.Kms;

/// <summary>One key in AWS KMS.</summary>
/// <remarks>
/// Guarantee: no call takes longer than <see cref="Limit"/>, and after a failure none is made for <see cref="Pause"/>: callers that ask
/// often get the same failure at once. Several threads may use it.
/// </remarks>
public sealed class KmsKey : IDisposable
{
    // Named here and not found by reflection, which trimming would break: web identity (IRSA) needs it.
    static KmsKey() => GlobalRuntimeDependencyRegistry.Instance.RegisterSecurityTokenServiceClient(
        context => new AmazonSecurityTokenServiceClient(
            new AnonymousAWSCredentials(), context.SecurityTokenServiceClientContextData.Region));

    readonly KmsKeyReference reference;
    readonly TimeProvider time;
    readonly AmazonKeyManagementServiceClient client;
    readonly Lock gate = new();
    KmsException? failure;
    long failedAt;
    GetPublicKeyResponse? publicKey;

    /// <param name="credentials">Null: the SDK's own chain.</param>
    /// <exception cref="KmsException">No region is known.</exception>
    public KmsKey(KmsKeyReference reference, TimeProvider time, AWSCredentials? credentials = null)
    {
        (this.reference, this.time) = (reference, time);
        var settings = new AmazonKeyManagementServiceConfig { MaxErrorRetry = 1, Timeout = Limit };
        if (reference.Endpoint is not null)
            (settings.ServiceURL, settings.AuthenticationRegion) = (reference.Endpoint, reference.RegionOrArns ?? "us-east-1");
        else if (reference.RegionOrArns is { } region)
            settings.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        try
        {
            client = credentials is null ? new(settings) : new(credentials, settings);
        }
        catch (AmazonClientException e)
        {
            throw new KmsException("NoRegion", $"No region is known for the KMS key {reference.KeyId}. Set its region or endpoint.", e);
        }
    }

    /// <summary>How long a call may take.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(5);

    /// <summary>How long nothing is asked after a failure.</summary>
    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(5);

    public override string ToString() => $"KMS key {reference.KeyId}";

    /// <summary>The SubjectPublicKeyInfo in DER. It is asked for once: the key material of an asymmetric key never changes.</summary>
    /// <param name="usage">What the key must be for.</param>
    /// <exception cref="KmsException">It cannot be had, or the key is for something else.</exception>
    public byte[] PublicKey(KeyUsageType usage)
    {
        var answer = Described();
        return answer.KeyUsage == usage
            ? answer.PublicKey.ToArray()
            : throw new KmsException(
                "InvalidKeyUsageException", $"The {this} is for {answer.KeyUsage}; give an asymmetric key for {usage}.");
    }

    /// <summary>What the key is for, as KMS calls it.</summary>
    /// <exception cref="KmsException">It cannot be had.</exception>
    public string Usage() => Described().KeyUsage.Value;

    /// <summary>The public key in PEM, whatever the key is for.</summary>
    /// <exception cref="KmsException">It cannot be had.</exception>
    public string PublicPem() => PemEncoding.WriteString("PUBLIC KEY", Described().PublicKey.ToArray()) + "\n";

    /// <summary>An ECDSA-Sig-Value in DER.</summary>
    /// <param name="digest">A SHA-256.</param>
    /// <exception cref="KmsException">It does not sign.</exception>
    public byte[] Sign(byte[] digest) => Ask("kms:Sign", stopping => client.SignAsync(
        new()
        {
            KeyId = reference.KeyId,
            Message = new(digest, writable: false),
            MessageType = MessageType.DIGEST,
            SigningAlgorithm = SigningAlgorithmSpec.ECDSA_SHA_256,
        },
        stopping)).Signature.ToArray();

    /// <summary>What was encrypted for the key by RSAES-OAEP with SHA-256.</summary>
    /// <exception cref="KmsException">It does not decrypt it.</exception>
    public byte[] Decrypt(byte[] encrypted) => Ask("kms:Decrypt", stopping => client.DecryptAsync(
        new()
        {
            KeyId = reference.KeyId,
            CiphertextBlob = new(encrypted, writable: false),
            EncryptionAlgorithm = EncryptionAlgorithmSpec.RSAES_OAEP_SHA_256,
        },
        stopping)).Plaintext.ToArray();

    public void Dispose() => client.Dispose();

    GetPublicKeyResponse Described() => publicKey ??= Ask(
        "kms:GetPublicKey", stopping => client.GetPublicKeyAsync(new() { KeyId = reference.KeyId }, stopping));

    T Ask<T>(string permission, Func<CancellationToken, Task<T>> call)
    {
        lock (gate)
        {
            if (failure is not null && time.GetElapsedTime(failedAt) < Pause)
                throw failure;
        }

        try
        {
            // On a thread of the pool: callers hold locks, and none of them has a context to return to.
            using var limit = new CancellationTokenSource(Limit);
            return Task.Run(() => call(limit.Token), limit.Token).WaitAsync(limit.Token).GetAwaiter().GetResult();
        }
        catch (Exception e)
        {
            var explained = KmsFailure.Explain(e, reference, permission);
            // What was asked for wrongly is no reason not to ask for something else.
            if (explained.Code is not ("InvalidCiphertextException" or "IncorrectKeyException"))
            {
                lock (gate)
                    (failure, failedAt) = (explained, time.GetTimestamp());
            }

            throw explained;
        }
    }
}
