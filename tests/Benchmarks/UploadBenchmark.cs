using System.Security.Cryptography;
using ClusterTrail.Agent;
using ClusterTrail.Agent.Sinks;
using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.Benchmarks;

/// <summary>What delivery to S3 costs beside the pipeline: signing, MD5 and SHA-256 of the put, HTTP, TLS.</summary>
static class UploadBenchmark
{
    // What a batch of 8 MiB of the real log is stored as.
    const int ObjectBytes = 350_000;
    const int WarmUp = 200;
    const int Objects = 1000;

    public static async Task<int> RunAsync()
    {
        using var folder = new TemporaryFolder();
        Report.Figure("upload.mb_per_cpu_second", await SpeedAsync(BenchStore.WriteCertificate(folder.Path)), "MB/s");
        Report.Figure("upload.without_tls_mb_per_cpu_second", await SpeedAsync(null), "MB/s");
        return 0;
    }

    static async Task<double> SpeedAsync(string? certificate)
    {
        using var store = BenchStore.Start(certificate);
        using var credentials = new CredentialFiles("id", "secret");
        var sink = SinkFactory.Create(
            new()
            {
                Type = SinkType.S3,
                S3 = new()
                {
                    Bucket = "audit",
                    Region = "us-east-1",
                    Endpoint = store.Endpoint,
                    PathStyle = true,
                    CaPath = certificate,
                    Credentials = new() { Type = S3CredentialsType.Static, Static = credentials.Paths },
                },
            },
            TimeProvider.System);
        var batch = SealedObjects.Holding(RandomNumberGenerator.GetBytes(ObjectBytes), encrypted: true);
        await PutAsync(sink, batch, WarmUp);
        var seconds = CpuTime.Of(() => PutAsync(sink, batch, Objects).GetAwaiter().GetResult());
        return Objects * (double)ObjectBytes / 1e6 / seconds;
    }

    static async Task PutAsync(ISink sink, SealedObject batch, int times)
    {
        for (var at = 0; at < times; at++)
        {
            await sink.PutAsync(batch, CancellationToken.None);
        }
    }
}
