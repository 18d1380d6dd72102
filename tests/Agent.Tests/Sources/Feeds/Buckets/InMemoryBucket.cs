using System.Security.Cryptography;
using System.Text;
using ClusterTrail.Agent.Sources.Feeds;
using ClusterTrail.Agent.Sources.Feeds.Buckets;
using ClusterTrail.Archive;

namespace ClusterTrail.Agent.Tests.Sources.Feeds.Buckets;

/// <summary>A bucket whose objects may appear later than they were written, and which fails as it is told.</summary>
sealed class InMemoryBucket(TimeProvider time) : IBucket
{
    readonly SortedDictionary<string, (byte[] Content, DateTimeOffset At)> objects = new(StringComparer.Ordinal);

    /// <summary>How many objects a list has.</summary>
    public int PageObjects { get; set; } = 1000;

    /// <summary>Called before each answer; it may throw.</summary>
    public Action Before { get; set; } = () => { };

    /// <summary>Objects that cannot be read, and why.</summary>
    public Dictionary<string, FeedFailure> Failing { get; } = [];

    /// <summary>After as many bytes reading ends with a failure.</summary>
    public int? BreaksAfter { get; set; }

    public int Opened { get; private set; }

    public int Lists { get; private set; }

    /// <param name="age">How long ago it was written, though it appears now.</param>
    public void Put(string key, byte[] content, TimeSpan age = default) => objects[key] = (content, time.GetUtcNow() - age);

    public void Put(string key, string content, TimeSpan age = default) => Put(key, Encoding.UTF8.GetBytes(content), age);

    public void Remove(string key) => objects.Remove(key);

    public string TagOf(string key) => Tag(objects[key].Content);

    public Task<BucketPage> ListAsync(string? after, CancellationToken cancellationToken)
    {
        Before();
        Lists++;
        var found = objects.Where(one => after is null || string.CompareOrdinal(one.Key, after) > 0).Select(one => Of(one.Key)).ToList();
        return Task.FromResult(new BucketPage([.. found.Take(PageObjects)], found.Count <= PageObjects));
    }

    public Task<OpenedObject> OpenAsync(string key, string tag, CancellationToken cancellationToken)
    {
        Before();
        Opened++;
        if (Failing.TryGetValue(key, out var failure))
            throw new FeedException(failure, $"{key} cannot be read.");
        if (!objects.TryGetValue(key, out var found) || (tag.Length > 0 && Tag(found.Content) != tag))
            throw new FeedException(FeedFailure.Gone, "It is gone.");
        Stream content = BreaksAfter is { } bytes ? new Breaking(found.Content, bytes) : new MemoryStream(found.Content);
        return Task.FromResult(new OpenedObject(Of(key), content));
    }

    StoredObject Of(string key) => new(key, Tag(objects[key].Content), objects[key].At, objects[key].Content.Length);

    static string Tag(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content))[..32];

    sealed class Breaking(byte[] content, int bytes) : ForwardStream
    {
        int at;

        public override int Read(Span<byte> buffer)
        {
            if (at >= bytes)
                throw new FeedException(FeedFailure.Object, "It ended before its end.");
            var piece = content.AsSpan(at, Math.Min(Math.Min(buffer.Length, 100_000), content.Length - at));
            piece.CopyTo(buffer);
            at += piece.Length;
            return piece.Length;
        }
    }
}
