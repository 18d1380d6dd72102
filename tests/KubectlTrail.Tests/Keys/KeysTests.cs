using ClusterTrail.Archive.Sealing;

namespace ClusterTrail.Kubectl.Tests.Keys;

public sealed class KeysTests : IDisposable
{
    readonly ArchiveFolder folder = new();

    public void Dispose() => folder.Dispose();

    string Name => Path.Combine(folder.Path, "auditor");

    [Fact]
    public async Task WhatThePublicKeySealsThePrivateKeyOpens()
    {
        var outcome = await CommandLine.RunAsync("keys", "generate", "--out", Name);

        Assert.Equal(0, outcome.ExitCode);
        using var key = RecipientKey.FromPem(File.ReadAllText($"{Name}.key.pem"));
        var cms = new Envelope([Recipient.FromPem(File.ReadAllText($"{Name}.pub.pem"))]).Seal([42]);
        Assert.Equal([42], EnvelopeReader.Open(cms, key));
        Assert.Contains(Convert.ToHexStringLower(key.KeyId.Span), outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("-----BEGIN", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnlyTheOwnerReadsThePrivateKey()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");

        await CommandLine.RunAsync("keys", "generate", "--out", Name);

        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode($"{Name}.key.pem"));
    }

    [Theory]
    [InlineData("auditor.key.pem")]
    [InlineData("auditor.pub.pem")]
    public async Task AKeyIsNeverOverwritten(string existing)
    {
        folder.AddFile(existing, [42]);

        var outcome = await CommandLine.RunAsync("keys", "generate", "--out", Name);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("exists and a key is never overwritten", outcome.Error, StringComparison.Ordinal);
        Assert.Equal([42], File.ReadAllBytes(Path.Combine(folder.Path, existing)));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task APrivateKeyIsNotLeftWithoutItsPublicKey()
    {
        var name = Path.Combine(folder.Path, "auditor");
        // What links to nothing is not there, and cannot be made.
        File.CreateSymbolicLink($"{name}.pub.pem", Path.Combine(folder.Path, "none", "there"));

        var outcome = await CommandLine.RunAsync("keys", "generate", "--out", name);

        Assert.Equal(2, outcome.ExitCode);
        Assert.StartsWith($"kubectl trail: {name}.pub.pem ", outcome.Error, StringComparison.Ordinal);
        Assert.False(File.Exists($"{name}.key.pem"));
    }

    [Fact]
    public async Task AFolderIsNoName()
    {
        var outcome = await CommandLine.RunAsync("keys", "generate", "--out", $"{folder.Path}/");

        Assert.Equal(
            (2, $"kubectl trail: --out {folder.Path}/ is a folder; give the name of the files too, such as {folder.Path}/auditor.\n"),
            (outcome.ExitCode, outcome.Error));
    }

    [Fact]
    public async Task AFolderThatDoesNotExistIsTold()
    {
        var outcome = await CommandLine.RunAsync("keys", "generate", "--out", Path.Combine(folder.Path, "no", "such"));

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("cannot be written", outcome.Error, StringComparison.Ordinal);
    }
}
