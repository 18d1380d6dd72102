using System.IO.Compression;
using System.Text;
using ClusterTrail.Agent.Sources.Feeds;
using ClusterTrail.Archive;
using ClusterTrail.Testing;
using ZstdSharp;

namespace ClusterTrail.Agent.Tests.Sources.Feeds;

public sealed class FeedReaderTests
{
    static readonly string[] Events = [.. Enumerable.Range(0, 20).Select(at => FeedTextsOf.Event($"{at}"))];

    static Task<(List<string> Lines, FeedCounts Counts, List<int> Groups)> ReadAsync(string text) =>
        ReadAsync(Encoding.UTF8.GetBytes(text));

    static Task<(List<string> Lines, FeedCounts Counts, List<int> Groups)> ReadAsync(byte[] stored) =>
        FeedTextsOf.ReadAsync(AuditTexts.Unwrap, new MemoryStream(stored));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task WhatUnpacksToTooMuchIsDamaged(int layers)
    {
        var stored = new byte[1 << 20];
        for (var layer = 0; layer < layers; layer++)
            stored = Gzip(stored);

        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAllAsync(1 << 19));
        Assert.Equal(1 << 20, await ReadAllAsync(1 << 20));

        async Task<long> ReadAllAsync(long most)
        {
            await using var text = await FeedText.OpenAsync(new MemoryStream(stored), TestContext.Current.CancellationToken, most);
            using var plain = new MemoryStream();
            await text.CopyToAsync(plain, TestContext.Current.CancellationToken);
            return plain.Length;
        }
    }

    static byte[] Gzip(byte[] plain)
    {
        using var stored = new MemoryStream();
        using (var gzip = new GZipStream(stored, CompressionLevel.Fastest))
            gzip.Write(plain);
        return stored.ToArray();
    }

    static byte[] Zstd(byte[] plain)
    {
        using var compressor = new Compressor();
        return compressor.Wrap(plain).ToArray();
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("")]
    [InlineData("\r\n \n")]
    [InlineData(",\n")]
    public async Task ObjectsFollowOneAnother(string between)
    {
        Assert.Equal(Events, (await ReadAsync(string.Join(between, Events))).Lines);
        Assert.Equal(Events, (await ReadAsync($"[{string.Join(between, Events)}]\n")).Lines);
    }

    [Fact]
    public async Task ItMayBeCompressedInMembersAndTwice()
    {
        byte[] members = [.. Events.SelectMany(one => Gzip(Encoding.UTF8.GetBytes(one)))];
        byte[] frames = [.. Events.SelectMany(one => Zstd(Encoding.UTF8.GetBytes(one)))];

        Assert.Equal(Events, (await ReadAsync(members)).Lines);
        Assert.Equal(Events, (await ReadAsync(Gzip(members))).Lines);
        Assert.Equal(Events, (await ReadAsync(frames)).Lines);
        Assert.Equal(Events, (await ReadAsync(Gzip(frames))).Lines);
    }

    [Fact]
    public async Task CompressingAgainAndAgainIsDamage()
    {
        var stored = "{}"u8.ToArray();
        for (var layer = 0; layer < 5; layer++)
            stored = Gzip(stored);

        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(stored));
    }

    [Fact]
    public async Task ACutArchiveIsDamage()
    {
        var stored = Gzip(Encoding.UTF8.GetBytes(string.Join('\n', Events)));

        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(stored[..^20]));
    }

    [Fact]
    public async Task AnEmptyTextHasNothing() => Assert.Equal(([], default, []), await ReadAsync(""), new Same());

    [Fact]
    public async Task WhatIsNoJsonIsRecordedAndTakesNothingWithIt()
    {
        var (lines, counts, _) = await ReadAsync($"{Events[0]}\ntime=\"x\" level=info\n{Events[1]}\n{Events[2][..40]}\n{Events[3]}\n");

        Assert.Equal([Events[0], Events[1], Events[3]], [lines[0], lines[2], lines[^1]]);
        Assert.Equal(3, counts.Events);
        Assert.True(counts.Unreadable is 2, $"{counts}");
    }

    [Fact]
    public async Task AnObjectThatDoesNotEndTakesItsLineOnly()
    {
        var (lines, counts, _) = await ReadAsync($"{Events[0]}\n{{\"a\":[\n{Events[1]}\n{Events[2]}");

        Assert.Equal([Events[0], "{\"a\":[", Events[1], Events[2]], lines);
        Assert.Equal(new FeedCounts(3, 0, 0, 1), counts);
    }

    [Fact]
    public async Task ATextOfNothingButBeginningsIsReadInTime()
    {
        var text = string.Concat(Enumerable.Repeat("{\n", 4_000_000));

        var (lines, _, _) = await ReadAsync(text).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.InRange(lines.Count, 100, 200);
    }

    [Fact]
    public async Task AnObjectThatIsTooLongIsRecordedInPartsAndTheNextOneIsRead()
    {
        var text = $"{Events[0]}\n{{\"a\":\"{new string('x', FeedReader.MostTextBytes)}\"}}\n{Events[1]}";

        var (lines, counts, _) = await ReadAsync(text);

        Assert.Equal(Events[0], lines[0]);
        Assert.Equal(Events[1], lines[^1]);
        Assert.Equal(2, counts.Events);
        Assert.True(counts.Unreadable >= 2);
    }

    [Fact]
    public async Task AListWhoseItemsGrowBeyondAGroupIsRecordedAsItIs()
    {
        var items = string.Join(',', Enumerable.Repeat("{}", 4_000_000));
        var list = $"{{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"items\":[{items}]}}";

        var (lines, counts, _) = await ReadAsync($"{Events[0]}\n{list}\n{Events[1]}");

        Assert.Equal([Events[0], list, Events[1]], lines);
        Assert.Equal(new FeedCounts(2, 0, 0, 1), counts);
    }

    [Fact]
    public async Task GroupsAreTheSameHoweverTheTextArrives()
    {
        var events = Enumerable.Range(0, 30_000).Select(at => FeedTextsOf.Event($"{at}"));
        var stored = Encoding.UTF8.GetBytes(string.Join('\n', events));

        var whole = await ReadAsync(stored);
        var pieces = await FeedTextsOf.ReadAsync(AuditTexts.Unwrap, new Trickle(stored, new Random(1)));

        Assert.True(whole.Groups.Count > 2);
        Assert.All(whole.Groups, bytes => Assert.InRange(bytes, 1, FeedReader.GroupBytes + 2000));
        Assert.Equal(whole.Groups, pieces.Groups);
        Assert.Equal(whole.Lines, pieces.Lines);
    }

    [Fact]
    public void AnyTextIsReadToItsEndAndLikewiseInPieces() => RandomSequences.Run(300, seed =>
    {
        var random = new Random(seed);
        var stored = RandomText(random);
        var unwrap = random.Next(4) switch
        {
            0 => CloudWatchEnvelope.Unwrap,
            1 => GkeLogEntry.Unwrap,
            2 => AksRecords.Unwrap,
            _ => (FeedUnwrapping)AuditTexts.Unwrap,
        };

        var (whole, counts, _) = FeedTextsOf.ReadAsync(unwrap, new MemoryStream(stored)).GetAwaiter().GetResult();
        var (pieces, again, _) = FeedTextsOf.ReadAsync(unwrap, new Trickle(stored, random)).GetAwaiter().GetResult();

        Assert.Equal(whole, pieces);
        Assert.Equal(counts, again);
        Assert.Equal(whole.Count, counts.Events + counts.Unreadable);
    });

    // Whole texts of all kinds, cut, doubled, with bytes that are something else, and deep nesting.
    static byte[] RandomText(Random random)
    {
        var text = new List<byte>();
        for (var count = random.Next(1, 8); count > 0; count--)
        {
            var piece = Encoding.UTF8.GetBytes(random.Next(8) switch
            {
                0 => FeedTextsOf.Envelope([Events[random.Next(20)], Events[random.Next(20)][..random.Next(300)], "{"]),
                1 => GkeLogEntryTests.Entry,
                2 => AksRecordsTests.Records(Events[..random.Next(3)]),
                3 => $"{{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"items\":[{Events[0]},{{}}]}}",
                4 => $"{{\"a\":{new string('[', random.Next(3000))}{new string(']', random.Next(3000))}}}",
                5 => new string("\"\\{}[]\n,:x"[random.Next(10)], random.Next(200)),
                _ => Events[random.Next(20)],
            });
            var (from, to) = random.Next(3) == 0 ? (random.Next(piece.Length + 1), piece.Length) : (0, piece.Length);
            to = random.Next(3) == 0 ? random.Next(from, to + 1) : to;
            piece = piece[from..to];
            for (var changes = random.Next(3) == 0 ? random.Next(5) : 0; changes > 0 && piece.Length > 0; changes--)
                piece[random.Next(piece.Length)] = (byte)random.Next(256);
            text.AddRange(piece);
            if (random.Next(2) == 0)
                text.Add((byte)'\n');
        }

        return Plain(text);
    }

    // What begins as an archive by chance is one.
    static byte[] Plain(List<byte> text) => Codecs.Of(text.ToArray()) is null ? [.. text] : [.. "\n"u8, .. text];

    sealed class Same : IEqualityComparer<(List<string>, FeedCounts, List<int>)>
    {
        public bool Equals((List<string>, FeedCounts, List<int>) x, (List<string>, FeedCounts, List<int>) y) =>
            x.Item1.SequenceEqual(y.Item1) && x.Item2 == y.Item2 && x.Item3.SequenceEqual(y.Item3);

        public int GetHashCode((List<string>, FeedCounts, List<int>) obj) => 0;
    }

    /// <summary>A stream that gives what it has in pieces of any size.</summary>
    sealed class Trickle(byte[] all, Random random) : ForwardStream
    {
        int at;

        public override int Read(Span<byte> buffer)
        {
            var piece = all.AsSpan(at, Math.Min(Math.Min(buffer.Length, random.Next(1, 5000)), all.Length - at));
            piece.CopyTo(buffer);
            at += piece.Length;
            return piece.Length;
        }
    }
}
