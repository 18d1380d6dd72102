using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Testing;

/// <summary>A stand-in for AWS KMS in this process: it holds one key, really signs and decrypts, and fails as KMS does.</summary>
/// <remarks>It speaks AWS's JSON 1.1 protocol for GetPublicKey, Sign and Decrypt, and does not look at credentials.</remarks>
public sealed class KmsServer : IAsyncDisposable
{
    readonly WebApplication application;
    readonly ECDsa? signing;
    readonly RSA? decrypting;

    KmsServer(WebApplication application, ECDsa? signing, RSA? decrypting) =>
        (this.application, this.signing, this.decrypting) = (application, signing, decrypting);

    public const string KeyId = "11111111-2222-3333-4444-555555555555";

    public const string KeyArn = $"arn:aws:kms:eu-central-1:111122223333:key/{KeyId}";

    /// <summary>An alias, which names the key unless <see cref="IsAliasMoved"/>.</summary>
    public const string Alias = "alias/clustertrail";

    public string Endpoint =>
        application.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>KMS's code, which requests get; null: all is well.</summary>
    public string? Fails { get; set; }

    /// <summary>The operation that fails; null: all.</summary>
    public string? FailsAt { get; set; }

    /// <summary>It takes requests and never answers.</summary>
    public bool Hangs { get; set; }

    /// <summary>It signs with another key than the one it shows.</summary>
    public bool Lies { get; set; }

    /// <summary>Somebody has pointed the alias to another key.</summary>
    public bool IsAliasMoved { get; set; }

    /// <summary>The operations that were asked for.</summary>
    public List<string> Requests { get; } = [];

    public static Task<KmsServer> SigningAsync() => StartAsync(ECDsa.Create(ECCurve.NamedCurves.nistP256), null);

    public static Task<KmsServer> DecryptingAsync(int bits = 2048) => StartAsync(null, RSA.Create(bits));

    public async ValueTask DisposeAsync()
    {
        await application.DisposeAsync();
        signing?.Dispose();
        decrypting?.Dispose();
    }

    static async Task<KmsServer> StartAsync(ECDsa? signing, RSA? decrypting)
    {
        // The platform makes an RSA key when it is first asked for: here, and not while a client waits, which gives up after seconds.
        decrypting?.ExportParameters(includePrivateParameters: false);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server => server.Listen(IPAddress.Loopback, 0));
        var server = new KmsServer(builder.Build(), signing, decrypting);
        server.application.Run(server.AnswerAsync);
        await server.application.StartAsync();
        return server;
    }

    async Task AnswerAsync(HttpContext context)
    {
        var operation = context.Request.Headers["X-Amz-Target"].ToString().Split('.')[^1];
        lock (Requests)
            Requests.Add(operation);
        if (Hangs)
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        var request = (await JsonNode.ParseAsync(context.Request.Body))!;
        var (answer, code) = Fails is { } fails && (FailsAt ?? operation) == operation ? (null, fails) : Answer(operation, request);
        context.Response.ContentType = "application/x-amz-json-1.1";
        context.Response.StatusCode = code is null ? 200 : code == "KMSInternalException" ? 500 : 400;
        await context.Response.WriteAsync((answer ?? new JsonObject
        {
            ["__type"] = code,
            ["message"] = $"As the test says: {code}.",
        }).ToJsonString());
    }

    (JsonObject? Answer, string? Code) Answer(string operation, JsonNode request) => operation switch
    {
        "Sign" when (string?)request["KeyId"] == Alias && IsAliasMoved => (SignByAnother(Bytes(request, "Message")), null),
        _ when (string?)request["KeyId"] is not (KeyId or KeyArn or Alias) => (null, "NotFoundException"),
        "GetPublicKey" => (PublicKey(), null),
        "Sign" when signing is null => (null, "InvalidKeyUsageException"),
        "Sign" when (string?)request["MessageType"] == "DIGEST" && (string?)request["SigningAlgorithm"] == "ECDSA_SHA_256"
            && Bytes(request, "Message") is { Length: 32 } digest => (Sign(digest), null),
        "Decrypt" when decrypting is null => (null, "InvalidKeyUsageException"),
        "Decrypt" when (string?)request["EncryptionAlgorithm"] == "RSAES_OAEP_SHA_256" => Decrypt(Bytes(request, "CiphertextBlob")),
        _ => (null, "ValidationException"),
    };

    JsonObject PublicKey() => new()
    {
        ["KeyId"] = KeyArn,
        ["PublicKey"] = Convert.ToBase64String((signing as AsymmetricAlgorithm ?? decrypting!).ExportSubjectPublicKeyInfo()),
        ["KeySpec"] = signing is null ? $"RSA_{decrypting!.KeySize}" : "ECC_NIST_P256",
        ["KeyUsage"] = signing is null ? "ENCRYPT_DECRYPT" : "SIGN_VERIFY",
    };

    JsonObject Sign(byte[] digest) => Lies ? SignByAnother(digest) : Signature(signing!, digest);

    static JsonObject SignByAnother(byte[] digest)
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Signature(other, digest);
    }

    static JsonObject Signature(ECDsa key, byte[] digest) => new()
    {
        ["KeyId"] = KeyId,
        ["Signature"] = Convert.ToBase64String(key.SignHash(digest, DSASignatureFormat.Rfc3279DerSequence)),
        ["SigningAlgorithm"] = "ECDSA_SHA_256",
    };

    (JsonObject? Answer, string? Code) Decrypt(byte[] encrypted)
    {
        try
        {
            var plain = decrypting!.Decrypt(encrypted, RSAEncryptionPadding.OaepSHA256);
            return (new() { ["KeyId"] = KeyId, ["Plaintext"] = Convert.ToBase64String(plain) }, null);
        }
        catch (CryptographicException)
        {
            return (null, "InvalidCiphertextException");
        }
    }

    static byte[] Bytes(JsonNode request, string name) => Convert.FromBase64String((string)request[name]!);
}
