using ClusterTrail.Archive.Digests;
using ClusterTrail.Archive.Sealing;
using ClusterTrail.Testing;

namespace ClusterTrail.Kubectl.Tests.Keys;

/// <summary>Keys in KMS on the command line.</summary>
public sealed class KmsTests : IDisposable
{
    readonly ArchiveFolder archive = new();

    public KmsTests()
    {
        // The SDK's own chain would ask the cloud's metadata. Other tests of this process need the same.
        ProcessCredentials.Set();
    }

    public void Dispose() => archive.Dispose();

    [Fact]
    public async Task WhatAgentsSealForAKeyInKmsIsDecryptedThere()
    {
        await using var server = await KmsServer.DecryptingAsync();
        var exported = await CommandLine.RunAsync(["keys", "export", .. Options(server)]);
        Assert.StartsWith($"# KMS key {KmsServer.KeyId}, for ENCRYPT_DECRYPT\n-----BEGIN PUBLIC KEY-----\n", exported.Output, StringComparison.Ordinal);
        var body = Some.Zstd(Some.Record());
        var file = archive.Add(Some.Batch(encrypted: true), new Envelope([Recipient.FromPem(exported.Output)]).Seal(body));

        var decrypted = await CommandLine.RunAsync(["decrypt", file, .. Options(server)]);
        var printed = await CommandLine.RunAsync(["cat", archive.Path, .. Options(server)]);

        Assert.Equal((0, ""), (decrypted.ExitCode, decrypted.Error));
        Assert.Equal(body, decrypted.OutputBytes);
        Assert.Equal((0, 1), (printed.ExitCode, printed.Lines.Length));
    }

    [Theory]
    [InlineData("AccessDeniedException", 3, "Grant the credentials kms:Decrypt")]
    [InlineData("DisabledException", 3, "Enable the key")]
    [InlineData("InvalidCiphertextException", 1, "was changed")]
    public async Task WhatKmsRefusesIsASentence(string code, int exitCode, string sentence)
    {
        await using var server = await KmsServer.DecryptingAsync();
        var exported = await CommandLine.RunAsync(["keys", "export", .. Options(server)]);
        var file = archive.Add(
            Some.Batch(encrypted: true), new Envelope([Recipient.FromPem(exported.Output)]).Seal(Some.Zstd(Some.Record())));
        server.FailsAt = "Decrypt";
        server.Fails = code;

        var outcome = await CommandLine.RunAsync(["decrypt", file, .. Options(server)]);

        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.Contains(sentence, outcome.Error, StringComparison.Ordinal);
        Assert.Empty(outcome.Output);
    }

    [Fact]
    public async Task AnOperatorsKeyInKmsIsExportedForAuditors()
    {
        await using var server = await KmsServer.SigningAsync();

        var outcome = await CommandLine.RunAsync(["keys", "export", .. Options(server)]);

        Assert.Equal(0, outcome.ExitCode);
        Assert.StartsWith($"# KMS key {KmsServer.KeyId}, for SIGN_VERIFY\n", outcome.Output, StringComparison.Ordinal);
        Assert.NotNull(VerifyingKey.FromPem(outcome.Output));
    }

    [Fact]
    public async Task ASigningKeyOpensNothing()
    {
        await using var server = await KmsServer.SigningAsync();

        var outcome = await CommandLine.RunAsync(["cat", archive.Path, .. Options(server)]);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("is for SIGN_VERIFY", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OneKeyIsEnough()
    {
        await using var server = await KmsServer.DecryptingAsync();

        var outcome = await CommandLine.RunAsync(["cat", archive.Path, "--key", "k.pem", .. Options(server)]);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("--key and --kms-key are given", outcome.Error, StringComparison.Ordinal);
    }

    static string[] Options(KmsServer server) => ["--kms-key", KmsServer.KeyId, "--kms-endpoint", server.Endpoint];
}
