using System.Net;
using System.Text;
using ClusterTrail.Archive;
using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Lake.Query;
using ClusterTrail.WebConsole.Serving;
using ClusterTrail.WebConsole.Sources;

namespace ClusterTrail.WebConsole.Tests;

/// <summary>A console over an archive of a few records, and a client that was let in.</summary>
sealed class ConsoleWorld : IAsyncDisposable
{
    static readonly BatchName Batch = new()
    {
        Cluster = "prod",
        Trail = "main",
        FirstEvent = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
        Node = "cp-1",
        Source = "apiserver",
        Sequence = 1,
        Hash = "0123456789abcdef",
        Codec = Codec.Zstd,
        Encrypted = false,
    };

    readonly DirectoryInfo folder;
    readonly EventDatabase database;

    ConsoleWorld(DirectoryInfo folder, ConsoleArchive archive, ConsoleServer server)
    {
        (this.folder, database, Server, Archive) = (folder, archive.Database, server, archive);
        Client = Browser();
        Client.BaseAddress = server.Url;
    }

    internal ConsoleServer Server { get; }

    internal ConsoleArchive Archive { get; }

    /// <summary>Has the cookie.</summary>
    internal HttpClient Client { get; }

    internal static async Task<ConsoleWorld> OpenAsync(
        IEnumerable<string> records, Func<ConsoleArchive, ConsoleArchive>? with = null, CancellationToken cancellationToken = default)
    {
        var folder = Directory.CreateTempSubdirectory("clustertrail-console-");
        using (var compressor = new ZstdSharp.Compressor())
        {
            var path = Path.Combine(folder.FullName, Batch.ToString());
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var lines = Encoding.UTF8.GetBytes(string.Concat(records.Select(record => $"{record}\n")));
            await File.WriteAllBytesAsync(path, compressor.Wrap(lines).ToArray(), cancellationToken);
        }

        var archive = await ReadAsync(folder.FullName, cancellationToken);
        archive = with?.Invoke(archive) ?? archive;
        var world = new ConsoleWorld(folder, archive, await ConsolePages.ServeAsync(archive, 0, cancellationToken));
        (await world.Client.GetAsync(world.Server.FirstUrl, cancellationToken)).EnsureSuccessStatusCode();
        return world;
    }

    /// <summary>A browser that nobody let in.</summary>
    internal static HttpClient Browser() =>
        new(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false });

    /// <summary>A page that must be there.</summary>
    internal async Task<string> GetAsync(string address, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var response = await Client.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);
        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(expected == response.StatusCode, $"{address}: {response.StatusCode}\n{html}");
        HarmlessHtml.Check(html);
        return html;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        database.Dispose();
        folder.Delete(recursive: true);
    }

    static async Task<ConsoleArchive> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var location = new LocalFolder(path);
        var problems = new Problems();
        var database = await EventDatabase.OpenAsync(
            new(location, new(new(null)), ObjectScope.All, problems), TimeRange.All, DatabaseOptions.Default, cancellationToken);
        var listing = await location.ListAsync(ObjectScope.All, cancellationToken);
        return new("./archive", database, TimeRange.All, problems.Sentences) { Objects = ObjectIndex.Of(listing.Objects) };
    }

    sealed class Problems : ISearchObserver
    {
        internal List<string> Sentences { get; } = [];

        public void Found(long objects)
        {
        }

        public void Done()
        {
        }

        public void Report(TrailException problem) => Sentences.Add(problem.Message);
    }
}
