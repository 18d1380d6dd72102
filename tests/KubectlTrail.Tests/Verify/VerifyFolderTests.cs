using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Chains;
using ClusterTrail.Verification.Findings;

namespace ClusterTrail.Kubectl.Tests.Verify;

/// <summary>The command on archives in folders: what it ends with, and what it prints.</summary>
public sealed class VerifyFolderTests : IDisposable
{
    const int BrokenPipe = 32;
    const int NoSpace = 28;

    readonly TemporaryFolder folder = new();

    public static TheoryData<string> Names => [.. Manipulations.All.Select(one => one.Name)];

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task AnArchiveThatNobodyTouchedEndsWithZero()
    {
        using var world = new TwoNodes(1, DateTimeOffset.UtcNow);

        var outcome = await VerifyAsync(world);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal("Verified: nothing was changed, removed or left out.", outcome.Lines[^1]);
    }

    [Theory]
    [InlineData("7d")]
    [InlineData("yesterday")]
    public async Task ATimeMaySayHowLongAgo(string since)
    {
        using var world = new TwoNodes(1, DateTimeOffset.UtcNow);

        var outcome = await VerifyAsync(world, "--since", since);

        Assert.Equal((0, "Verified: nothing was changed, removed or left out."), (outcome.ExitCode, outcome.Lines[^1]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task EachManipulationHasItsExitCode(string name)
    {
        var manipulation = Manipulations.All.Single(one => one.Name == name);
        using var world = new TwoNodes(2, DateTimeOffset.UtcNow - (manipulation.TakesTime ? TimeSpan.FromMinutes(40) : TimeSpan.Zero));
        manipulation.Apply(world, 0);

        var outcome = await VerifyAsync(world, "-o", "json");

        var report = JsonDocument.Parse(outcome.Output).RootElement;
        var expected = manipulation.Consequences.Append(manipulation.Kind).Max();
        Assert.Equal((expected.Code(), $"{expected}"), (outcome.ExitCode, report.GetProperty("reason").GetString()));
        Assert.True(report.GetProperty("findingCounts").GetProperty($"{manipulation.Kind}").GetInt64() >= manipulation.Count);
    }

    [Fact]
    public async Task TheHeadsOfAReportShowThatTheTailIsCutOff()
    {
        using var world = new TwoNodes(3, DateTimeOffset.UtcNow);
        var before = await VerifyAsync(world, "-o", "json");
        await File.WriteAllTextAsync(folder.Join("heads.json"), before.Output);
        world.Objects.Remove(world.Names("digests", 1)[^1]);
        Directory.Delete(folder.Join("archive"), recursive: true);

        var after = await VerifyAsync(world, "--heads", folder.Join("heads.json"));

        Assert.Equal((int)FindingKind.CutOffTail, after.ExitCode);
    }

    [Fact]
    public async Task WithoutKeysNothingIsProven()
    {
        using var world = new TwoNodes(1, DateTimeOffset.UtcNow);
        world.Archive.WriteTo(folder.Join("archive"));

        var outcome = await CommandLine.RunAsync("verify", folder.Join("archive"));

        Assert.Equal((int)FindingKind.UnknownKey, outcome.ExitCode);
    }

    [Fact]
    public async Task AnAgentsOwnKeyIsTrustedWithoutAnOperator()
    {
        using var world = new TwoNodes(1, DateTimeOffset.UtcNow);
        var first = world.Agents.Select(agent => world.Digest(world.Names("digests", world.Agents.ToList().IndexOf(agent))[0]).Key.Pem);
        await File.WriteAllTextAsync(folder.Join("agents.pem"), string.Concat(first));
        foreach (var name in world.Objects.Keys.Where(name => name.StartsWith("keys/", StringComparison.Ordinal)).ToList())
            world.Objects.Remove(name);
        world.Archive.WriteTo(folder.Join("archive"));

        var outcome = await CommandLine.RunAsync("verify", folder.Join("archive"), "--agent-keys", folder.Join("agents.pem"));

        Assert.Equal(0, outcome.ExitCode);
    }

    [Theory]
    [InlineData("no-such-folder", "is not a folder; give an archive's folder or s3://bucket/prefix")]
    [InlineData("s3://", "s3:// names no bucket")]
    [InlineData("s3://bucket/prod/events", "is a part of an archive; give the root")]
    public async Task AWrongLocationIsASentence(string location, string sentence)
    {
        var outcome = await CommandLine.RunAsync("verify", location);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(sentence, outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--since", "lately", "--since lately is no time")]
    [InlineData("--keys", "/dev/null", "--keys /dev/null cannot be used: It has no public key in PEM")]
    [InlineData("--heads", "/dev/null", "--heads /dev/null cannot be used: it is not JSON")]
    [InlineData("--state", "folder", "--state needs --follow")]
    [InlineData("--interval", "5", "--interval needs --follow")]
    public async Task AWrongOptionIsASentence(string option, string value, string sentence)
    {
        Directory.CreateDirectory(folder.Join("archive"));

        var outcome = await CommandLine.RunAsync("verify", folder.Join("archive"), option, value);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(sentence, outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "", 0)]
    [InlineData(0, "--strict", 0)]
    [InlineData(1, "", (int)FindingKind.MissingObject)]
    public async Task TheProcessEndsWithTheCode(int deleted, string option, int code)
    {
        using var world = new TwoNodes(4, DateTimeOffset.UtcNow);
        for (var i = 0; i < deleted; i++)
            world.Objects.Remove(world.Pick("events", 0));
        Write(world);

        using var process = Process.Start(new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "kubectl-trail.dll"), "verify", folder.Join("archive"), "--keys", folder.Join("operator.pem"), .. option.Split(' ', StringSplitOptions.RemoveEmptyEntries)])
        { RedirectStandardOutput = true })!;
        await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(code, process.ExitCode);
    }

    [Theory]
    [InlineData("text", 0, 0)]
    [InlineData("text", 1, (int)FindingKind.MissingObject)]
    [InlineData("json", 1, (int)FindingKind.MissingObject)]
    [InlineData("junit", 1, (int)FindingKind.MissingObject)]
    public async Task AReaderThatHasEnoughGetsTheVerdictAndTheReport(string format, int deleted, int code)
    {
        using var world = new TwoNodes(4, DateTimeOffset.UtcNow);
        for (var i = 0; i < deleted; i++)
            world.Objects.Remove(world.Pick("events", 0));
        Write(world);
        using var error = new StringWriter();
        using var closed = new FailingStream(BrokenPipe);
        var terminal = new Terminal(new OutputStream(closed), error, OutputWidth: null, ErrorIsTerminal: false, Colour: false);

        var exitCode = await TrailCommand.RunAsync(
            ["verify", folder.Join("archive"), "--keys", folder.Join("operator.pem"), "-o", format, "--report", folder.Join("report.html")],
            terminal, TestContext.Current.CancellationToken);

        Assert.Equal((code, ""), (exitCode, error.ToString()));
        var page = await File.ReadAllTextAsync(folder.Join("report.html"), TestContext.Current.CancellationToken);
        Assert.Contains("</html>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, (int)FindingKind.MissingObject)]
    public async Task AFullDiskDoesNotHideTheVerdict(int deleted, int code)
    {
        using var world = new TwoNodes(4, DateTimeOffset.UtcNow);
        for (var i = 0; i < deleted; i++)
            world.Objects.Remove(world.Pick("events", 0));
        Write(world);
        using var error = new StringWriter();
        using var full = new FailingStream(NoSpace);
        var terminal = new Terminal(new OutputStream(full), error, OutputWidth: null, ErrorIsTerminal: false, Colour: false);

        var exitCode = await TrailCommand.RunAsync(
            ["verify", folder.Join("archive"), "--keys", folder.Join("operator.pem")], terminal, TestContext.Current.CancellationToken);

        Assert.Equal(code, exitCode);
        Assert.Contains("The output cannot be written", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, (int)FindingKind.MissingObject)]
    public async Task AReportThatCannotBeWrittenDoesNotReplaceTheVerdict(int deleted, int code)
    {
        using var world = new TwoNodes(4, DateTimeOffset.UtcNow);
        for (var i = 0; i < deleted; i++)
            world.Objects.Remove(world.Pick("events", 0));

        var outcome = await VerifyAsync(world, "--report", folder.Join("no-such-folder/report.html"));

        Assert.Equal(code, outcome.ExitCode);
        Assert.Contains("report.html cannot be written", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("erified: ", outcome.Lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("events/cluster=demo/trail=main/date=2026-03-01/stray.ndjson.gz")]
    [InlineData("events/stray.ndjson.zst.cms")]
    [InlineData("events/other/folders/stray.ndjson.zst")]
    public async Task AnObjectThatOnlyCatWouldReadIsFound(string name)
    {
        using var world = new TwoNodes(4, DateTimeOffset.UtcNow);
        world.Objects[name] = [1, 2, 3];

        var outcome = await VerifyAsync(world);

        Assert.Equal((int)FindingKind.UnnamedObject, outcome.ExitCode);
        Assert.Contains(name, outcome.Output, StringComparison.Ordinal);
    }

    async Task<Outcome> VerifyAsync(TwoNodes world, params string[] options)
    {
        Write(world);
        if (world.Heads.Count > 0)
        {
            await File.WriteAllTextAsync(folder.Join("known.json"), Heads(world));
            options = [.. options, "--heads", folder.Join("known.json")];
        }

        return await CommandLine.RunAsync(["verify", folder.Join("archive"), "--keys", folder.Join("operator.pem"), .. options]);
    }

    void Write(TwoNodes world)
    {
        world.Archive.WriteTo(folder.Join("archive"));
        File.WriteAllText(folder.Join("operator.pem"), "The operator's key\n" + world.Archive.Operator.Public.Pem, Encoding.UTF8);
    }

    static string Heads(TwoNodes world) => JsonSerializer.Serialize(new
    {
        heads = world.Heads.Select(head => new
        {
            cluster = head.Node.Cluster,
            trail = head.Node.Trail,
            node = head.Node.Node,
            chain = head.Label,
            chainId = head.Head.ChainId,
            sequence = head.Head.Sequence,
            sha256 = head.Head.Sha256,
        }),
    });

    sealed class FailingStream(int code) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("it is no good", code);

        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("it is no good", code);
    }
}
