using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Kubectl.Tests.Reading;

/// <summary>As much of S3 as reading takes: a bucket that is listed in pages and whose objects are got.</summary>
sealed class FakeS3 : IAsyncDisposable
{
    const int PageSize = 2;
    static readonly XNamespace Xmlns = "http://s3.amazonaws.com/doc/2006-03-01/";

    readonly WebApplication app;
    readonly ConcurrentDictionary<string, byte[]> objects = new();

    FakeS3(X509Certificate2? certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
                listen.UseHttps(certificate);
        }));
        app = builder.Build();
        app.MapGet("/bucket", List);
        app.MapGet("/bucket/{**key}", Get);
        app.MapGet("/terse", () => Error(StatusCodes.Status403Forbidden, "SignatureDoesNotMatch", message: ""));
        app.MapGet("/endless", WriteEndlessPageAsync);
        app.MapGet("/repeating", () => Page(isTruncated: true, next: "again", keys: []));
        app.MapGet("/empty", (HttpRequest request) => Page(true, $"{request.Query["continuation-token"]}x", []));
        app.MapFallback(() => Error(StatusCodes.Status404NotFound, "NoSuchBucket"));
    }

    internal string Url => app.Urls.Single();

    /// <summary>Every key that was asked for.</summary>
    internal ConcurrentQueue<string> Got { get; } = [];

    /// <summary>Keys that are listed and may not be read.</summary>
    internal HashSet<string> Forbidden { get; } = [];

    internal byte[] this[string key]
    {
        set => objects[key] = value;
    }

    internal static async Task<FakeS3> StartAsync(X509Certificate2? certificate = null)
    {
        ProcessCredentials.Set();
        var s3 = new FakeS3(certificate);
        await s3.app.StartAsync();
        return s3;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    IResult List(HttpRequest request)
    {
        var after = request.Query["continuation-token"].ToString();
        var prefix = request.Query["prefix"].ToString();
        var matching = objects.Keys
            .Where(key => key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(key, after) > 0)
            .Order(StringComparer.Ordinal)
            .ToList();
        var page = matching.Take(PageSize).ToList();
        var isTruncated = matching.Count > page.Count;
        return Page(isTruncated, isTruncated ? page[^1] : null, page);
    }

    static IResult Page(bool isTruncated, string? next, IEnumerable<string> keys) => Xml(StatusCodes.Status200OK, new XElement(
        Xmlns + "ListBucketResult",
        new XElement(Xmlns + "IsTruncated", isTruncated),
        next is null ? null : new XElement(Xmlns + "NextContinuationToken", next),
        keys.Select(key => new XElement(Xmlns + "Contents", new XElement(Xmlns + "Key", key)))));

    // Until the reader has had enough.
    static async Task WriteEndlessPageAsync(HttpContext context)
    {
        var contents = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("<Contents><Key>a</Key></Contents>", 1000)));
        await context.Response.WriteAsync($"<ListBucketResult xmlns='{Xmlns}'>");
        while (!context.RequestAborted.IsCancellationRequested)
            await context.Response.Body.WriteAsync(contents, context.RequestAborted);
    }

    IResult Get(string key)
    {
        Got.Enqueue(key);
        if (Forbidden.Contains(key))
            return Error(StatusCodes.Status403Forbidden, "AccessDenied", $"You may not read {key}");
        return objects.TryGetValue(key, out var content)
            ? Results.Bytes(content)
            : Error(StatusCodes.Status404NotFound, "NoSuchKey");
    }

    static IResult Error(int status, string code, string message = "The store says no") =>
        Xml(status, new XElement("Error", new XElement("Code", code), new XElement("Message", message)));

    static IResult Xml(int status, XElement element) => Results.Text(element.ToString(), "application/xml", statusCode: status);
}
