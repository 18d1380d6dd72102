using System.Text.RegularExpressions;
using ClusterTrail.Archive;
using ClusterTrail.Archive.Sealing;

namespace ClusterTrail.Kubectl.Tests.Cat;

public sealed class CatTests : IDisposable
{
    readonly ArchiveFolder archive = new();
    readonly KeyPair pair = KeyPair.GenerateP256();

    public void Dispose() => archive.Dispose();

    [Fact]
    public async Task RecordsArePrintedByteForByte()
    {
        var odd = """{ "b":1.0, "a":"\u00e9é\/", "a":2 }""";
        var file = archive.Add(Some.Batch(), Some.Zstd(odd, Some.Record()));

        var outcome = await CommandLine.RunAsync("cat", file);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal($"{odd}\n{Some.Record()}\n", outcome.Output);
        Assert.Empty(outcome.Error);
    }

    [Fact]
    public async Task AnEncryptedObjectIsOpenedWithItsKey()
    {
        var file = archive.Add(Some.Batch(encrypted: true), Some.Sealed(pair, Some.Record()));

        var outcome = await CommandLine.RunAsync("cat", file, "--key", archive.AddKey(pair));

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal([Some.Record()], outcome.Lines);
    }

    [Fact]
    public async Task AFolderIsReadInTheOrderOfTimeThenNodeThenSequence()
    {
        var records = Enumerable.Range(0, 5).Select(i => Some.Record($"user{i}")).ToArray();
        archive.Add(Some.Batch(Some.Time.AddDays(1), "a"), Some.Zstd(records[4]));
        archive.Add(Some.Batch(Some.Time, "b", sequence: 2), Some.Zstd(records[2]));
        archive.Add(Some.Batch(Some.Time, "b", sequence: 1), Some.Zstd(records[1]));
        archive.Add(Some.Batch(Some.Time.AddMilliseconds(1), "a"), Some.Zstd(records[3]));
        archive.Add(Some.Batch(Some.Time, "a", sequence: 9), Some.Zstd(records[0]));
        archive.AddFile("digests/cluster=prod/other.ndjson.zst", Some.Zstd("not an event"));

        var outcome = await CommandLine.RunAsync("cat", archive.Path);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(records, outcome.Lines);
    }

    [Fact]
    public async Task APartOfAnArchiveIsRead()
    {
        archive.Add(Some.Batch(), Some.Zstd(Some.Record("today")));
        archive.Add(Some.Batch(Some.Time.AddDays(1)), Some.Zstd(Some.Record("tomorrow")));

        var outcome = await CommandLine.RunAsync("cat", Path.Combine(archive.Path, "events/cluster=prod/trail=main/date=2026-03-01"));

        Assert.Equal([Some.Record("today")], outcome.Lines);
    }

    [Fact]
    public async Task AnArchiveMayHaveBothCodecs()
    {
        archive.Add(Some.Batch(sequence: 1, codec: Codec.Gzip), Some.Gzip(Some.Record("old")));
        var sealedGzip = new Envelope([Recipient.FromPem(pair.PublicPem)]).Seal(Some.Gzip(Some.Record("sealed")));
        archive.Add(Some.Batch(sequence: 2, encrypted: true, codec: Codec.Gzip), sealedGzip);
        archive.Add(Some.Batch(sequence: 3), Some.Zstd(Some.Record("new")));
        archive.Add(Some.Batch(sequence: 4, encrypted: true), Some.Sealed(pair, Some.Record("newest")));

        var outcome = await CommandLine.RunAsync("cat", archive.Path, "--key", archive.AddKey(pair));

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal([Some.Record("old"), Some.Record("sealed"), Some.Record("new"), Some.Record("newest")], outcome.Lines);
    }

    [Theory]
    [InlineData(Codec.Zstd)]
    [InlineData(Codec.Gzip)]
    public async Task SeveralFramesOrMembersAreOneObject(Codec codec)
    {
        var file = archive.Add(
            Some.Batch(codec: codec),
            [.. Some.Compressed(codec, Some.Record("a")), .. Some.Compressed(codec), .. Some.Compressed(codec, Some.Record("b"))]);

        var outcome = await CommandLine.RunAsync("cat", file);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal([Some.Record("a"), Some.Record("b")], outcome.Lines);
    }

    [Fact]
    public async Task AnEventMayNestDeep()
    {
        var deep = $$"""{"event":{{string.Concat(Enumerable.Repeat("[", 500))}}{{string.Concat(Enumerable.Repeat("]", 500))}}}""";
        var file = archive.Add(Some.Batch(), Some.Zstd(deep));

        var outcome = await CommandLine.RunAsync("cat", file);

        Assert.Equal([deep], outcome.Lines);
    }

    [Fact]
    public async Task AnEventMayBeLong()
    {
        var longRecord = Some.Record(new string('x', 3_000_000));
        var file = archive.Add(Some.Batch(), Some.Zstd(Some.Record(), longRecord, Some.Record()));

        var outcome = await CommandLine.RunAsync("cat", file);

        Assert.Equal([Some.Record(), longRecord, Some.Record()], outcome.Lines);
    }

    [Fact]
    public async Task WithoutAKeyPlainObjectsArePrintedAndTheOthersNamedOnce()
    {
        archive.Add(Some.Batch(), Some.Zstd(Some.Record()));
        var first = archive.Add(Some.Batch(sequence: 2, encrypted: true), Some.Sealed(pair, Some.Record()));
        archive.Add(Some.Batch(sequence: 3, encrypted: true), Some.Sealed(pair, Some.Record()));

        var outcome = await CommandLine.RunAsync("cat", archive.Path);

        Assert.Equal(3, outcome.ExitCode);
        Assert.Equal([Some.Record()], outcome.Lines);
        Assert.Equal($"kubectl trail: {first} and 1 more are encrypted; give the private key with --key, or --kms-key.\n", outcome.Error);
    }

    [Fact]
    public async Task TheWrongKeyIsToldAndTheOthersArePrinted()
    {
        var file = archive.Add(Some.Batch(encrypted: true), Some.Sealed(pair, Some.Record("secret")));
        var mine = KeyPair.GenerateP256();
        archive.Add(Some.Batch(sequence: 2, encrypted: true), Some.Sealed(mine, Some.Record("mine")));

        var outcome = await CommandLine.RunAsync("cat", archive.Path, "--key", archive.AddKey(mine));

        Assert.Equal(3, outcome.ExitCode);
        Assert.Equal([Some.Record("mine")], outcome.Lines);
        Assert.StartsWith(
            $"kubectl trail: {file} cannot be decrypted: it is encrypted for the key ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManyThatTheKeyDoesNotOpenAreOneSentence()
    {
        var first = archive.Add(Some.Batch(encrypted: true), Some.Sealed(pair, Some.Record("secret")));
        for (var sequence = 2; sequence <= 28; sequence++)
            archive.Add(Some.Batch(sequence: sequence, encrypted: true), Some.Sealed(pair, Some.Record("secret")));
        var mine = KeyPair.GenerateP256();
        archive.Add(Some.Batch(sequence: 29, encrypted: true), Some.Sealed(mine, Some.Record("mine")));

        var outcome = await CommandLine.RunAsync("cat", archive.Path, "--key", archive.AddKey(mine));

        Assert.Equal(3, outcome.ExitCode);
        Assert.Equal([Some.Record("mine")], outcome.Lines);
        Assert.Matches(
            $"^kubectl trail: {Regex.Escape(first)} and 27 more cannot be decrypted: it is encrypted for the key [^\n]+; "
                + "give another key with --key[.]\n$",
            outcome.Error);
    }

    [Fact]
    public async Task ManyFilesThatCannotBeReadAreOneSentence()
    {
        var names = Enumerable.Range(1, 3).Select(sequence => archive.Add(Some.Batch(sequence: sequence), [])).ToList();
        foreach (var name in names)
        {
            File.Delete(name);
            File.CreateSymbolicLink(name, $"{name}.gone");
        }

        archive.Add(Some.Batch(sequence: 4), Some.Zstd(Some.Record()));

        var outcome = await CommandLine.RunAsync("cat", archive.Path);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal([Some.Record()], outcome.Lines);
        Assert.Matches($"^kubectl trail: {Regex.Escape(names[0])} and 2 more cannot be read: [^\n]+[.]\n$", outcome.Error);
    }

    [Theory]
    [InlineData("cat")]
    [InlineData("cat", "no-such-file")]
    [InlineData("cat", "s3://")]
    [InlineData("cat", "s3://bucket", "--endpoint", "nonsense")]
    [InlineData("cat", "s3://bucket", "--endpoint", "http://127.0.0.1:1", "--ca", "no-such-file")]
    [InlineData("cat", ".", "-o", "yaml")]
    [InlineData("cat", ".", "--key", "no-such-file")]
    [InlineData("cat", ".", "--nonsense")]
    public async Task WrongUsageIsOneSentence(params string[] arguments)
    {
        var outcome = await CommandLine.RunAsync(arguments);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Empty(outcome.Output);
        Assert.Matches("^kubectl trail: [^\n]+[.]\n$", outcome.Error);
    }

    [Fact]
    public async Task AFolderWithoutObjectsIsWrongInput()
    {
        var outcome = await CommandLine.RunAsync("cat", archive.Path);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Equal($"kubectl trail: No object of an archive was found below {archive.Path}.\n", outcome.Error);
    }

    [Fact]
    public async Task AFileOfAnotherKindIsWrongInput()
    {
        var file = archive.AddFile("notes.txt", [1]);

        var outcome = await CommandLine.RunAsync("cat", file);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("is not an object of an archive", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AKeyThatIsNoneIsToldByWhatItIs()
    {
        var file = archive.Add(Some.Batch(encrypted: true), Some.Sealed(pair, Some.Record()));
        var publicKey = archive.AddFile("auditor.pub.pem", System.Text.Encoding.ASCII.GetBytes(pair.PublicPem));

        var outcome = await CommandLine.RunAsync("cat", file, "--key", publicKey);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("This is a public key", outcome.Error, StringComparison.Ordinal);
    }
}
