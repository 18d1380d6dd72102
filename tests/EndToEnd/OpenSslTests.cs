using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Archive.Sealing;
using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.EndToEnd;

/// <summary>What the README tells people to run when they do without ClusterTrail.</summary>
public sealed class OpenSslTests
{
    const int Events = 300;

    static readonly EncryptionConfiguration ForAuditor =
        new() { Type = EncryptionType.Envelope, Envelope = new() { RecipientPaths = ["auditor.pub.pem"] } };

    static readonly EncryptionConfiguration ForNobody = new();

    [Theory]
    [InlineData(CompressionType.Zstd, "README.md", "openssl")]
    [InlineData(CompressionType.Gzip, "docs/archive-format.md", "openssl-gzip")]
    public async Task TheLineOfADocumentOpensABatchOfAnAgent(CompressionType codec, string document, string line)
    {
        MustHave("openssl", "zstd", "gunzip", "jq");
        using var folder = new AgentFolder();
        var lines = AuditLog.Lines().Take(Events).ToList();
        var key = WriteKeys(folder);

        var batch = await SealedLines.AsBatchAsync(folder, lines, ForAuditor, codec);
        var (exitCode, output, errors) = await RunAsync(DocumentedLine.Of(document, line), key, batch);

        Assert.Equal("", errors);
        Assert.Equal(0, exitCode);
        Assert.Equal(
            lines.Select(AuditId), Documents(output).Select(record => record.GetProperty("event").GetProperty("auditID").GetString()));
    }

    [Fact]
    public async Task TheLineOfTheReadmeChecksTheDigestsOfAnAgent()
    {
        MustHave("openssl");
        using var folder = new AgentFolder();
        await SealedLines.AsBatchAsync(folder, AuditLog.Lines().Take(Events).ToList(), ForNobody, CompressionType.Zstd);
        var digests = Directory.GetFiles(Path.Combine(folder.ArchivePath, "digests"), "*.json", SearchOption.AllDirectories);
        var key = Path.Combine(folder.Root, "agent.pub.pem");
        File.WriteAllText(key, Digest.Read(SignedObject.Read(await File.ReadAllBytesAsync(digests[0]))).Key.Pem);

        Assert.Equal(2, digests.Length);
        foreach (var digest in digests)
        {
            var (exitCode, output, errors) = await RunAsync(DocumentedLine.Of("README.md", "openssl-digest"), key, digest);
            Assert.Equal((0, "Verified OK\n", ""), (exitCode, Encoding.UTF8.GetString(output), errors));
        }
    }

    [Fact]
    public async Task ZstdItselfChecksTheFrame()
    {
        MustHave("zstd");
        using var folder = new AgentFolder();
        var batch = await SealedLines.AsBatchAsync(folder, AuditLog.Lines().Take(Events).ToList(), ForNobody, CompressionType.Zstd);

        var whole = await RunAsync("zstd -tq \"$BATCH\" && zstd -lv \"$BATCH\" 2>&1", "", batch);
        await File.WriteAllBytesAsync(batch, Damaged(await File.ReadAllBytesAsync(batch)));
        var damaged = await RunAsync("zstd -tq \"$BATCH\"", "", batch);

        Assert.Equal((0, ""), (whole.ExitCode, whole.Errors));
        var listed = Encoding.UTF8.GetString(whole.Output);
        Assert.Matches("# Zstandard Frames: 1\n", listed);
        Assert.Matches("Check: XXH64", listed);
        Assert.NotEqual(0, damaged.ExitCode);
    }

    // In the checksum, so that nothing but the checksum can tell.
    static byte[] Damaged(byte[] frame) => [.. frame[..^1], (byte)(frame[^1] ^ 1)];

    static void MustHave(params string[] programs)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        foreach (var program in programs)
        {
            Assert.SkipUnless(
                folders.Any(folder => File.Exists(Path.Combine(folder, program))),
                $"{program} is not installed; install it to prove that a batch opens without ClusterTrail.");
        }
    }

    static string WriteKeys(AgentFolder folder)
    {
        var pair = KeyPair.GenerateP256();
        File.WriteAllText(Path.Combine(folder.Root, "auditor.pub.pem"), pair.PublicPem);
        var key = Path.Combine(folder.Root, "auditor.key.pem");
        File.WriteAllText(key, pair.PrivatePem);
        return key;
    }

    static async Task<(int ExitCode, byte[] Output, string Errors)> RunAsync(string line, string key, string batch)
    {
        var start = new ProcessStartInfo("bash", ["-o", "pipefail", "-c", line])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["KEY"] = key, ["BATCH"] = batch, ["DIGEST"] = batch },
        };
        using var bash = Process.Start(start)!;
        var errors = bash.StandardError.ReadToEndAsync();
        var output = new MemoryStream();
        await bash.StandardOutput.BaseStream.CopyToAsync(output);
        await bash.WaitForExitAsync();
        return (bash.ExitCode, output.ToArray(), await errors);
    }

    static List<JsonElement> Documents(ReadOnlySpan<byte> json)
    {
        var documents = new List<JsonElement>();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { AllowMultipleValues = true });
        while (reader.Read())
        {
            documents.Add(JsonElement.ParseValue(ref reader));
        }

        return documents;
    }

    static string? AuditId(ReadOnlyMemory<byte> line) =>
        JsonDocument.Parse(Encoding.UTF8.GetString(line.Span)).RootElement.GetProperty("auditID").GetString();
}
