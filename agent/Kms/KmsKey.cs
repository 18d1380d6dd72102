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

    const string GetPublicKey = "kms:GetPublicKey";
    const string DecryptPermission = "kms:Decrypt";

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
    public byte[] PublicKey(KeyUsageType usage) => Of(Described(), usage);

    /// <summary>The same without a thread that waits.</summary>
    /// <exception cref="KmsException">It cannot be had, or the key is for something else.</exception>
    public async Task<byte[]> PublicKeyAsync(KeyUsageType usage, CancellationToken cancellationToken) =>
        Of(await DescribedAsync().WaitAsync(cancellationToken), usage);

    byte[] Of(GetPublicKeyResponse answer, KeyUsageType usage) => answer.KeyUsage == usage
        ? answer.PublicKey.ToArray()
        : throw new KmsException(
            "InvalidKeyUsageException", $"The {this} is for {answer.KeyUsage}; give an asymmetric key for {usage}.");

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
            KeyId = NameOfKey,
            Message = new(digest, writable: false),
            MessageType = MessageType.DIGEST,
            SigningAlgorithm = SigningAlgorithmSpec.ECDSA_SHA_256,
        },
        stopping)).Signature.ToArray();

    /// <summary>What was encrypted for the key by RSAES-OAEP with SHA-256.</summary>
    /// <exception cref="KmsException">It does not decrypt it.</exception>
    public byte[] Decrypt(byte[] encrypted) => Ask(DecryptPermission, stopping => client.DecryptAsync(
        new()
        {
            KeyId = NameOfKey,
            CiphertextBlob = new(encrypted, writable: false),
            EncryptionAlgorithm = EncryptionAlgorithmSpec.RSAES_OAEP_SHA_256,
        },
        stopping)).Plaintext.ToArray();

    public void Dispose() => client.Dispose();

    // The key whose public half is known. An alias may name another one by now, whose signatures nobody could verify.
    string NameOfKey => publicKey?.KeyId is { Length: > 0 } arn ? arn : reference.KeyId;

    GetPublicKeyResponse Described() => publicKey ?? Wait(DescribedAsync);

    async Task<GetPublicKeyResponse> DescribedAsync() => publicKey ??= await AskAsync(
        GetPublicKey, stopping => client.GetPublicKeyAsync(new() { KeyId = reference.KeyId }, stopping));

    T Ask<T>(string permission, Func<CancellationToken, Task<T>> call) => Wait(() => AskAsync(permission, call));

    // On a thread of the pool: callers hold locks, and none of them has a context to return to.
    static T Wait<T>(Func<Task<T>> call) => Task.Run(call).GetAwaiter().GetResult();

    async Task<T> AskAsync<T>(string permission, Func<CancellationToken, Task<T>> call)
    {
        lock (gate)
        {
            if (failure is not null && time.GetElapsedTime(failedAt) < Pause)
                throw failure;
        }

        try
        {
            using var limit = new CancellationTokenSource(Limit);
            return await Task.Run(() => call(limit.Token), limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception e)
        {
            var explained = KmsFailure.Explain(e, reference, permission);
            // What was asked for wrongly is no reason not to ask for something else.
            if (permission != DecryptPermission || !KmsFailure.IsOfContent(explained.Code))
            {
                lock (gate)
                    (failure, failedAt) = (explained, time.GetTimestamp());
            }

            throw explained;
        }
    }
}
