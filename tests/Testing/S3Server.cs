using System.Diagnostics;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace ClusterTrail.Testing;

/// <summary>A real S3 server on 127.0.0.1, Ceph's object gateway, with Object Lock and SSE-KMS. It ends with this process.</summary>
public sealed class S3Server : IServer
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
    readonly int monitorPort = FreePort.Next();
    readonly int port;

    S3Server(int port)
    {
        this.port = port;
        Client = new AmazonS3Client(AccessKeyId, SecretAccessKey, Configuration());
        // The script's own place for logs would be gone with the data.
        File.CreateSymbolicLink(folder.Join("log"), Logs.Path);
    }

    public Uri Endpoint => new($"http://127.0.0.1:{port}");

    /// <summary>The owner of all buckets, for what a test asserts.</summary>
    public IAmazonS3 Client { get; }

    public ServerLogs Logs { get; } = new("s3");

    /// <exception cref="MissingPartException">It cannot be installed here.</exception>
    /// <exception cref="ServerFailedException">It does not start.</exception>
    public static async Task<S3Server> StartAsync(CancellationToken cancellationToken)
    {
        await Script.RunAsync(["install"], cancellationToken);
        return await FreePort.StartAsync(async port =>
        {
            var server = new S3Server(port);
            try
            {
                await server.RestartAsync(cancellationToken);
                return server;
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }
        });
    }

    /// <summary>A client of the owner that tries once and waits no longer than this.</summary>
    public IAmazonS3 ImpatientClient(TimeSpan timeout)
    {
        var configuration = Configuration();
        configuration.Timeout = timeout;
        configuration.MaxErrorRetry = 0;
        return new AmazonS3Client(AccessKeyId, SecretAccessKey, configuration);
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

    /// <summary>After <see cref="Kill"/>: it answers again, on the same port.</summary>
    /// <exception cref="ServerFailedException">It does not start.</exception>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Script.RunAsync(["start", folder.Path, $"{port}", $"{monitorPort}"], cancellationToken);
        }
        catch (InvalidOperationException e)
        {
            var failed = new ServerFailedException($"The S3 server did not start: {e.Message} {Logs.Tail()}");
            if (!failed.IsPortTaken)
                Logs.Keep();
            throw failed;
        }
    }

    /// <summary>The store is full: every write to every bucket is refused with 403 <c>QuotaExceeded</c>; reads, lists and deletes go
    /// on.</summary>
    /// <remarks>
    /// A quota of the buckets' owner. A disk of Ceph that is really full refuses nothing: writes wait until there is room,
    /// which a client cannot tell from <see cref="Freeze"/>.
    /// </remarks>
    public Task FillUpAsync(CancellationToken cancellationToken) => Script.RunAsync(["fill-up", folder.Path], cancellationToken);

    /// <summary>Writes are taken again.</summary>
    public Task MakeRoomAsync(CancellationToken cancellationToken) => Script.RunAsync(["make-room", folder.Path], cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Script.RunAsync(["stop", folder.Path], CancellationToken.None);
        Client.Dispose();
        folder.Dispose();
        Logs.Dispose();
    }

    AmazonS3Config Configuration() => new()
    {
        ServiceURL = Endpoint.ToString(),
        AuthenticationRegion = "us-east-1",
        ForcePathStyle = true,
        RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
    };

    void Signal(string name)
    {
        using var kill = Process.Start("bash", ["-c", $"kill -{name} {GatewayProcess()}"]);
        kill.WaitForExit();
    }

    int GatewayProcess() => int.Parse(File.ReadAllText(folder.Join("run/client.rgw.pid")));
}
