using System.Diagnostics;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace ClusterTrail.Testing;

/// <summary>A real S3 server on 127.0.0.1, Ceph's object gateway, with Object Lock and SSE-KMS. It ends with this process.</summary>
public sealed class S3Server : IAsyncDisposable
{
    public const string AccessKeyId = "trailkey";
    public const string SecretAccessKey = "trailsecret";

    /// <summary>A user who may do only what a bucket's policy gives to it.</summary>
    public const string WriterAccessKeyId = "writerkey";
    public const string WriterSecretAccessKey = "writersecret";
    public const string WriterArn = "arn:aws:iam:::user/writer";

    /// <summary>The one key that SSE-KMS knows.</summary>
    public const string KmsKeyId = "testkey-1";

    static readonly ToolScript Script = new("s3-server.sh");

    readonly TemporaryFolder folder = new();
    readonly int port = FreePort.Next();
    readonly int monitorPort = FreePort.Next();

    S3Server() => Client = new AmazonS3Client(AccessKeyId, SecretAccessKey, new AmazonS3Config
    {
        ServiceURL = Endpoint.ToString(),
        AuthenticationRegion = "us-east-1",
        ForcePathStyle = true,
        RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
    });

    public Uri Endpoint => new($"http://127.0.0.1:{port}");

    /// <summary>The owner of all buckets, for what a test asserts.</summary>
    public IAmazonS3 Client { get; }

    /// <exception cref="MissingPartException">It cannot be installed here.</exception>
    public static async Task<S3Server> StartAsync(CancellationToken cancellationToken)
    {
        await Script.RunAsync(["install"], cancellationToken);
        var server = new S3Server();
        await server.RestartAsync(cancellationToken);
        return server;
    }

    /// <summary>A new, empty bucket. Object Lock makes it versioned.</summary>
    public async Task<string> CreateBucketAsync(bool objectLock = false)
    {
        var name = $"trail-{Guid.NewGuid():N}";
        await Client.PutBucketAsync(new PutBucketRequest
        {
            BucketName = name,
            ObjectLockEnabledForBucket = objectLock,
            UseClientRegion = false, // whatever region the environment names
        });
        return name;
    }

    public async Task<byte[]> ReadAsync(string bucket, string key)
    {
        using var stored = await Client.GetObjectAsync(bucket, key);
        using var content = new MemoryStream();
        await stored.ResponseStream.CopyToAsync(content);
        return content.ToArray();
    }

    /// <summary>It accepts connections and never answers.</summary>
    public void Freeze() => Signal("STOP");

    public void Thaw() => Signal("CONT");

    /// <summary>It refuses connections. What it stored is kept.</summary>
    public void Kill()
    {
        using var gateway = Process.GetProcessById(GatewayProcess());
        gateway.Kill();
        gateway.WaitForExit();
    }

    public Task RestartAsync(CancellationToken cancellationToken) =>
        Script.RunAsync(["start", folder.Path, $"{port}", $"{monitorPort}"], cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Script.RunAsync(["stop", folder.Path], CancellationToken.None);
        Client.Dispose();
        folder.Dispose();
    }

    void Signal(string name)
    {
        using var kill = Process.Start("bash", ["-c", $"kill -{name} {GatewayProcess()}"]);
        kill.WaitForExit();
    }

    int GatewayProcess() => int.Parse(File.ReadAllText(folder.Join("run/client.rgw.pid")));
}
