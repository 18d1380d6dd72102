using System.Text;
using ClusterTrail.Fixtures;
using ClusterTrail.Kubectl.Archives;
using ClusterTrail.Kubectl.Verify;
using ClusterTrail.Testing;
using ClusterTrail.Verification;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Keys;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.Tests.Verify;

/// <summary>What people and programs read, of the archive of <c>tests/data/digests</c> and of a damaged copy.</summary>
public sealed class VerifyReportTests : IDisposable
{
    static readonly string Data = Repository.PathOf("tests", "data", "digests");

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("untouched", "archive")]
    [InlineData("damaged", "archive")]
    [InlineData("missing", "archive-1.1")]
    public async Task EachFormatIsAsItWas(string name, string archive)
    {
        var result = await VerifyAsync(name == "damaged", archive);
        var gravest = result.Gravest(strict: false);

        using var text = new StringWriter { NewLine = "\n" };
        TextReport.Write(text, result, gravest);
        using MemoryStream json = new(), junit = new();
        JsonReport.Write(json, result, gravest);
        JunitReport.Write(junit, result, strict: false);
        Check($"{name}.txt", text.ToString());
        Check($"{name}.json", Encoding.UTF8.GetString(json.ToArray()));
        Check($"{name}.junit.xml", Encoding.UTF8.GetString(junit.ToArray()));
        Check($"{name}.html", HtmlReport.Page(result, gravest, strict: false));
    }

    [Fact]
    public async Task NamesCannotPutMarkupIntoThePage()
    {
        var result = await VerifyAsync(isDamaged: false);
        result.Findings.Add(new(FindingKind.UnnamedObject, null, null, "<script>alert(1)</script>", "\u001b[2J\" onload=\"x"));

        var page = HtmlReport.Page(result, FindingKind.UnnamedObject, strict: false);

        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
    }

    [Fact]
    public void EachKindIsInTheDocumentationWithItsCode()
    {
        var page = File.ReadAllText(Repository.PathOf("docs", "verify.md"));

        Assert.All(Enum.GetValues<FindingKind>(), kind => Assert.Contains($"| {kind.Code()} | `{kind}` |", page, StringComparison.Ordinal));
    }

    async Task<VerificationResult> VerifyAsync(bool isDamaged, string archive = "archive")
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Data, archive), "*", SearchOption.AllDirectories))
        {
            var copy = folder.Join(Path.GetRelativePath(Path.Combine(Data, archive), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        if (isDamaged)
            Damage();
        var keys = TrustedKeys.Read(await File.ReadAllBytesAsync(Path.Combine(Data, "operator.pub.pem"))).Select(one => one.Key).ToList();
        var options = new VerificationOptions(ArchiveScope.All, new(keys, []), [], new DateTimeOffset(2026, 11, 27, 8, 0, 0, TimeSpan.Zero));
        var result = await new Verifier(new FolderStore(folder.Path), options, new NoProgress()).VerifyAsync(TestContext.Current.CancellationToken);
        return result with { Location = "s3://audit" };
    }

    void Damage()
    {
        var events = Directory.GetFiles(folder.Join("events"), "*.gz", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        File.Delete(events[0]);
        File.AppendAllText(events[2], "more");
        File.Delete(Directory.GetFiles(folder.Join("digests"), "*-00000001-*", SearchOption.AllDirectories).Single());
    }

    static void Check(string file, string actual) =>
        Golden.Check(Repository.PathOf("tests", "KubectlTrail.Tests", "Verify", "golden", file), actual);

    sealed class NoProgress : IVerificationProgress
    {
        public void Found(long more)
        {
        }

        public void Done()
        {
        }
    }
}
