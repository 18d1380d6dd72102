using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClusterTrail.Agent.Sinks;
using ClusterTrail.Agent.Sinks.S3;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Benchmarks;

/// <summary>A process that answers puts as S3 does and forgets the objects, so that what it costs is not the client's.</summary>
sealed class BenchStore : IDisposable
{
    public const string Command = "store";

    readonly Process process;

    BenchStore(Process process, string endpoint) => (this.process, Endpoint) = (process, endpoint);

    public string Endpoint { get; }

    /// <param name="certificate">A PEM file with certificate and key; null for plain HTTP.</param>
    public static BenchStore Start(string? certificate)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var argument in new[] { "exec", typeof(BenchStore).Assembly.Location, Command, certificate }.OfType<string>())
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        return new(process, process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The store did not start."));
    }

    /// <summary>Runs in the process, until its standard input ends.</summary>
    public static async Task<int> RunAsync(string? certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server => server.Listen(IPAddress.Loopback, 0, port =>
        {
            if (certificate is not null)
            {
                port.UseHttps(X509Certificate2.CreateFromPemFile(certificate));
            }
        }));
        builder.WebHost.UseKestrelHttpsConfiguration();
        await using var store = builder.Build();
        store.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var stored = new SealedObject("", body.GetBuffer().AsMemory(0, (int)body.Length), default);
            context.Response.Headers.ETag = $"\"{Convert.ToHexStringLower(PutRequest.Md5(stored))}\"";
            context.Response.Headers["x-amz-request-id"] = "tx1";
        });
        await store.StartAsync();
        Console.WriteLine(store.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        await Console.In.ReadToEndAsync();
        return 0;
    }

    /// <summary>Writes a certificate for 127.0.0.1, which is its own authority, with its key; the path.</summary>
    public static string WriteCertificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=store", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        var path = Path.Combine(folder, "store.pem");
        File.WriteAllText(path, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        return path;
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
