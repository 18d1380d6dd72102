using System.Globalization;
using System.Text;
using ClusterTrail.Archive;
using ClusterTrail.History.Reading;
using ZstdSharp;

namespace ClusterTrail.History.Tests.Search;

/// <summary>An archive in memory.</summary>
sealed class InMemoryLocation : ILocation
{
    readonly Dictionary<string, byte[]> contents = [];

    /// <summary>Objects that cannot be read.</summary>
    internal HashSet<string> Broken { get; } = [];

    internal List<ArchiveObject> Objects { get; } = [];

    /// <summary>How many were opened.</summary>
    internal int Opened => opened;

    int opened;

    internal string Add(DateTimeOffset time, string node, long sequence, params IEnumerable<string> lines)
    {
        var name = new BatchName
        {
            Cluster = "prod",
            Trail = "main",
            FirstEvent = time,
            Node = node,
            Source = "apiserver",
            Sequence = sequence,
            Hash = "0123456789abcdef",
            Codec = Codec.Zstd,
            Encrypted = false,
        }.ToString();
        using var compressor = new Compressor();
        contents[name] = compressor.Wrap(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")))).ToArray();
        Objects.Add(ArchiveObject.Of(name, name));
        return name;
    }

    internal static string Record(DateTimeOffset time, string id, string user = "ann", string more = "") => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"eventVersion":"1.0","eventID":"{{{id}}}","eventTime":"{{{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}}}","eventCategory":"Management","eventName":"get pods","userIdentity":{"userName":"{{{user}}}"}{{{more}}}}""");

    /// <summary>How often it was listed.</summary>
    internal int Listed { get; private set; }

    public Task<Listing> ListAsync(ObjectScope scope, CancellationToken cancellationToken)
    {
        Listed++;
        return Task.FromResult(Listing.OfArchive(Objects.Where(one => one.Key.Split('/').All(scope.MayHave)), []));
    }

    public Task<ObjectStream> OpenAsync(ArchiveObject archiveObject, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref opened);
        return Broken.Contains(archiveObject.Key)
            ? throw new TrailException(ExitCode.Unreadable, $"{archiveObject.Key} is away")
            : Task.FromResult(new ObjectStream(
                new MemoryStream(contents[archiveObject.Key]), archiveObject.Name, contents[archiveObject.Key].Length,
                e => new(ExitCode.Unreadable, e.Message)));
    }
}
