
namespace ClusterTrail.Kubectl.Tests.Cat;

public sealed class TableTests : IDisposable
{
    readonly ArchiveFolder archive = new();

    public void Dispose() => archive.Dispose();

    [Fact]
    public async Task InAPipeTheTableIsAlignedAndWhole()
    {
        var longName = new string('x', 300);
        archive.Add(Some.Batch(), Some.Zstd(Some.Record(), Some.Record(longName, ""","errorCode":"Forbidden" """)));

        var outcome = await CommandLine.RunAsync("cat", archive.Path, "-o", "table");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(
            [
                $"TIME                      USER{new string(' ', 298)}ACTION            OBJECT       SOURCE     RESULT",
                $"2026-03-01T12:00:00.000Z  alice{new string(' ', 297)}create pods/exec  shop/cart-0  192.0.2.7  101",
                $"2026-03-01T12:00:00.000Z  {longName}  create pods/exec  shop/cart-0  192.0.2.7  Forbidden",
            ],
            outcome.Lines);
    }

    [Theory]
    [InlineData("exec", """{"process":{"executable":"/bin/echo","arguments":["echo","hi"]}}""", "exec /bin/echo")]
    [InlineData("lost", """{"loss":{"reason":"RateLimited","count":5}}""", "lost RateLimited")]
    [InlineData("stdout", """{"message":"it works\u001b"}""", "stdout it works\\u001b")]
    [InlineData("stdout", """{"message":{"level":"info"}}""", "stdout")]
    public async Task ARecordOfAProcessOrAContainerSaysWhat(string name, string text, string expected)
    {
        var record = $$"""{"eventTime":"2026-03-01T12:00:00Z","eventCategory":"Workload","eventName":"{{name}}","event":{{text}}}""";
        archive.Add(Some.Batch(), Some.Zstd(record));

        var outcome = await CommandLine.RunAsync("cat", archive.Path, "-o", "table");

        Assert.Contains($"  -     {expected}  -", outcome.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFindingIsToldApartFromTheEventThatMadeItFire()
    {
        var finding = Some.Record("alice", ""","insightDetails":{"rule":"pod-exec","severity":"high"}""").Replace(
            "Management", "Insight", StringComparison.Ordinal);
        archive.Add(Some.Batch(), Some.Zstd(Some.Record(), finding));

        var outcome = await CommandLine.RunAsync("cat", archive.Path, "-o", "table");

        Assert.Equal(
            [
                "2026-03-01T12:00:00.000Z  alice  create pods/exec           shop/cart-0  192.0.2.7  101",
                "2026-03-01T12:00:00.000Z  alice  finding: create pods/exec  shop/cart-0  192.0.2.7  high: pod-exec",
            ],
            outcome.Lines[1..]);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(60)]
    [InlineData(100)]
    public async Task OnATerminalNoLineIsWiderThanIt(int width)
    {
        archive.Add(Some.Batch(), Some.Zstd(Some.Record(), Some.Record(new string('x', 300))));

        var outcome = await CommandLine.RunOnAsync(width, "cat", archive.Path, "-o", "table");

        Assert.Equal(3, outcome.Lines.Length);
        Assert.All(outcome.Lines, line => Assert.True(line.Length <= width, line));
        Assert.Contains("…", outcome.Lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnATerminalAFailureIsRed()
    {
        archive.Add(Some.Batch(), Some.Zstd(Some.Record("alice", ""","errorCode":"Forbidden" """)));

        var outcome = await CommandLine.RunOnAsync(200, "cat", archive.Path, "-o", "table");

        Assert.EndsWith("\e[31mForbidden\e[0m", outcome.Lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(@"\u001b[2J")]
    [InlineData(@"\r\n\t\b")]
    [InlineData("\u009b2J")]
    [InlineData("\u007f")]
    [InlineData("\u202egro.live")]
    [InlineData("\u2028")]
    [InlineData(@"\ud800")]
    public async Task NothingThatATerminalObeysGetsThrough(string hostile)
    {
        archive.Add(Some.Batch(), Some.Zstd(Some.Record($"a{hostile}b")));

        var outcome = await CommandLine.RunAsync("cat", archive.Path, "-o", "table");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(2, outcome.Lines.Length);
        Assert.DoesNotContain(outcome.Lines[1], character => char.IsControl(character) || character is '\u202e' or '\u2028' or '\ufffd');
        Assert.Contains(@"\u", outcome.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASentenceShowsNoHostileNameRaw()
    {
        var outcome = await CommandLine.RunAsync("cat", "no\e[2Jsuch");

        Assert.Contains(@"no\u001b[2Jsuch does not exist", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"eventTime":"T","eventCategory":"Oversized","size":9}""", "T     -     Oversized  -       -       -")]
    [InlineData("""{"eventTime":"T","eventCategory":"Unparsable","event":"garbage"}""", "T     -     Unparsable  -       -       -")]
    [InlineData("""{"userIdentity":{"userName":"a","actingAs":"b"}}""", "-     a as b  -       -       -       -")]
    [InlineData("""{"event":{"objectRef":{"name":"node-1"}}}""", "-     -     -       node-1  -       -")]
    [InlineData("""{"event":{"objectRef":{"namespace":"shop"}}}""", "-     -     -       shop/   -       -")]
    [InlineData("""{"eventTime":7,"userIdentity":[],"event":{"objectRef":null}}""", "7     -     -       -       -       -")]
    public async Task WhatARecordDoesNotTellIsADash(string record, string row)
    {
        archive.Add(Some.Batch(), Some.Zstd(record));

        var outcome = await CommandLine.RunAsync("cat", archive.Path, "-o", "table");

        Assert.Equal(row, outcome.Lines[1]);
    }

    [Fact]
    public async Task TheHeadingIsPrintedOnceForAllObjects()
    {
        archive.Add(Some.Batch(), Some.Zstd(Some.Record()));
        archive.Add(Some.Batch(sequence: 2), Some.Zstd(Some.Record()));

        var outcome = await CommandLine.RunAsync("cat", archive.Path, "-o", "table");

        Assert.Equal(3, outcome.Lines.Length);
        Assert.Single(outcome.Lines, line => line.StartsWith("TIME", StringComparison.Ordinal));
    }
}
