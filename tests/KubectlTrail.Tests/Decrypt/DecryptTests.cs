using ClusterTrail.Archive.Sealing;

namespace ClusterTrail.Kubectl.Tests.Decrypt;

public sealed class DecryptTests : IDisposable
{
    readonly ArchiveFolder archive = new();
    readonly KeyPair pair = KeyPair.GenerateP256();
    readonly byte[] body = Some.Zstd(Some.Record());
    readonly string file;
    readonly string key;

    public DecryptTests()
    {
        file = archive.Add(Some.Batch(encrypted: true), new Envelope([Recipient.FromPem(pair.PublicPem)]).Seal(body));
        key = archive.AddKey(pair);
    }

    public void Dispose() => archive.Dispose();

    [Fact]
    public async Task TheRecordsGoToTheOutputInAPipe()
    {
        var outcome = await CommandLine.RunAsync("decrypt", file, "--key", key);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(body, outcome.OutputBytes);
    }

    [Fact]
    public async Task TheRecordsGoToAFile()
    {
        var output = Path.Combine(archive.Path, "batch.ndjson.zst");

        var outcome = await CommandLine.RunOnAsync(80, "decrypt", file, "--key", key, "-o", output);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Empty(outcome.Output);
        Assert.Equal(body, await File.ReadAllBytesAsync(output, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task ATerminalGetsNoCompressedRecords()
    {
        var outcome = await CommandLine.RunOnAsync(80, "decrypt", file, "--key", key);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Empty(outcome.Output);
    }

    [Fact]
    public async Task AFolderIsRefused()
    {
        var outcome = await CommandLine.RunAsync("decrypt", archive.Path, "--key", key);

        Assert.Equal((2, $"kubectl trail: {archive.Path} is a folder; give one object, or use kubectl trail cat.\n"),
            (outcome.ExitCode, outcome.Error));
    }

    [Fact]
    public async Task TheEncryptedObjectIsNeverOverwritten()
    {
        var before = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);

        var outcome = await CommandLine.RunAsync("decrypt", file, "--key", key, "-o", file);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Equal(before, await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task NoKeyAndTheWrongKeyHaveTheirExitCode()
    {
        var other = archive.AddKey(KeyPair.GenerateP256(), "other.key.pem");

        var without = await CommandLine.RunAsync("decrypt", file);
        var wrong = await CommandLine.RunAsync("decrypt", file, "--key", other);

        Assert.Equal(3, without.ExitCode);
        Assert.Equal(3, wrong.ExitCode);
        Assert.Empty(without.Output + wrong.Output);
    }

    [Fact]
    public async Task WhatIsNoEnvelopeIsTold()
    {
        var plain = archive.Add(Some.Batch(), body);

        var outcome = await CommandLine.RunAsync("decrypt", plain, "--key", key);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("it is not a CMS AuthEnvelopedData", outcome.Error, StringComparison.Ordinal);
    }
}
