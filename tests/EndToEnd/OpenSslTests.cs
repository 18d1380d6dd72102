using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ClusterTrail.Archive.Sealing;
using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.EndToEnd;

/// <summary>What the README tells people to run when they do without ClusterTrail.</summary>
public sealed partial class OpenSslTests
{
    const int Events = 300;

    [Fact]
    public async Task TheLineOfTheReadmeOpensABatchOfAnAgent()
    {
        MustHave("openssl", "gunzip", "jq");
        using var folder = new AgentFolder();
        var lines = AuditLog.Lines().Take(Events).ToList();
        var key = WriteKeys(folder);

        var batch = await SealAsync(folder, lines);
        var (exitCode, output, errors) = await RunAsync(LineOfTheReadme(), key, batch);

        Assert.Equal("", errors);
        Assert.Equal(0, exitCode);
        Assert.Equal(
            lines.Select(AuditId), Documents(output).Select(record => record.GetProperty("event").GetProperty("auditID").GetString()));
    }

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

    /// <summary>Has an agent seal the lines into one batch, and tells where that is.</summary>
    static async Task<string> SealAsync(AgentFolder folder, List<ReadOnlyMemory<byte>> lines)
    {
        await using (var log = File.Create(folder.LogPath))
        {
            foreach (var line in lines)
            {
                await log.WriteAsync(line);
            }
        }

        var configuration = folder.Configuration with
        {
            Encryption = new() { Type = EncryptionType.Envelope, Envelope = new() { RecipientPaths = ["auditor.pub.pem"] } },
        };
        using var agent = AgentProcess.Start(folder.Root, configuration);
        await AgentStatusPage.WaitAsync(
            await agent.Url, status => status.GetProperty("sinks")[0].GetProperty("deliveredEvents").GetInt64() == lines.Count, TimeSpan.FromSeconds(60));
        Assert.Equal(0, await agent.StopAsync());
        return Assert.Single(Directory.GetFiles(folder.ArchivePath, "*.cms", SearchOption.AllDirectories));
    }

    static string LineOfTheReadme()
    {
        var match = Line().Match(File.ReadAllText(PathOfReadme()).ReplaceLineEndings("\n"));
        Assert.True(match.Success, "README.md has no block after <!-- tested: openssl -->.");
        return match.Groups[1].Value;
    }

    static string PathOfReadme()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Operator.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The repository's root is not above the tests.");
        }

        return Path.Combine(folder.FullName, "README.md");
    }

    static async Task<(int ExitCode, byte[] Output, string Errors)> RunAsync(string line, string key, string batch)
    {
        var start = new ProcessStartInfo("bash", ["-o", "pipefail", "-c", line])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["KEY"] = key, ["BATCH"] = batch },
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

    [GeneratedRegex("<!-- tested: openssl -->\n+```[a-z]*\n(.+?)\n```", RegexOptions.Singleline)]
    private static partial Regex Line();
}
