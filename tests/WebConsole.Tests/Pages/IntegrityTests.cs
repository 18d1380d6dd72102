using System.Net;
using System.Text.RegularExpressions;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Chains;
using ClusterTrail.Verification;
using ClusterTrail.Verification.Stores;
using ClusterTrail.WebConsole.Sources;

namespace ClusterTrail.WebConsole.Tests.Pages;

public sealed partial class IntegrityTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WithoutKeysThePageSaysSo()
    {
        await using var world = await ConsoleWorld.OpenAsync([$"{new SomeRecord()}"]);

        Assert.Contains("Not verified: give --keys.", await world.GetAsync("/integrity"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhileItRunsThePageSaysHowFarItIs()
    {
        var ended = new TaskCompletionSource<VerificationResult>();
        var check = IntegrityCheck.Start(progress =>
        {
            progress.Found(1200);
            progress.Done();
            return ended.Task;
        });
        await using var world = await OpenAsync(check);

        await Eventually.HoldsAsync("the verification reports", () => Task.FromResult(check.Progress.Done > 0), Cancel);
        Assert.Contains("1 of 1,200 digests and objects", await world.GetAsync("/integrity"), StringComparison.Ordinal);
        Assert.Contains("The verification is running.", await world.GetAsync("/record?id=r-1"), StringComparison.Ordinal);
        ended.SetException(new StoreException("The <archive> cannot be listed.", new IOException()));
        await check.EndAsync();
        Assert.Contains("Not verified: The &lt;archive&gt; cannot be listed.", await world.GetAsync("/integrity"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnArchiveThatNobodyTouchedIsVerified()
    {
        using var nodes = new TwoNodes(1);
        var check = Verify(nodes);
        await check.EndAsync();
        await using var world = await OpenAsync(check);

        var text = Plain(await world.GetAsync("/integrity"));

        Assert.Contains("Verified: nothing of this time was changed, removed or left out.", text, StringComparison.Ordinal);
        Assert.Contains("demo/main/node-1", text, StringComparison.Ordinal);
        Assert.Contains("2 chains on 2 nodes", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatAnAgentDeclaresToBeLostIsInTheVerdict()
    {
        using var nodes = new TwoNodes(1);
        var agent = nodes.Agents[0];
        agent.SealBatch();
        agent.Lose();
        agent.SealDigest();
        agent.Deliver();
        var check = Verify(nodes);
        await check.EndAsync();
        await using var world = await OpenAsync(check);

        var text = Plain(await world.GetAsync("/integrity"));

        Assert.Contains(
            "Verified: this time is as its digests say. They declare that events were not read or not kept (DeclaredLoss).",
            text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARecordOfAVerifiedNodeIsVerified()
    {
        using var nodes = new TwoNodes(1);
        var check = Verify(nodes);
        await check.EndAsync();
        var record = $"{new SomeRecord { Time = "2026-03-01T22:10:00.000000Z" }}"
            .Replace("\"prod\"", "\"demo\"", StringComparison.Ordinal).Replace("\"cp-1\"", "\"node-1\"", StringComparison.Ordinal);
        var other = record.Replace("r-1", "r-2", StringComparison.Ordinal).Replace("node-1", "node-9", StringComparison.Ordinal);
        await using var world = await OpenAsync(check, record, other);

        Assert.Contains(
            "Verified: nothing of this node was changed or removed", await world.GetAsync("/record?id=r-1"), StringComparison.Ordinal);
        Assert.Contains(
            "no chain of digests of this node was verified", await world.GetAsync("/record?id=r-2"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AChangedObjectIsNamedOnThePageAndAtItsRecords()
    {
        using var nodes = new TwoNodes(1);
        var name = nodes.Pick("events", 0);
        nodes.Objects[name][^1] ^= 1;
        var check = Verify(nodes);
        await check.EndAsync();
        await using var world = await OpenAsync(check);

        var text = Plain(await world.GetAsync("/integrity"));

        Assert.Contains("Not verified: the gravest finding is ChangedObject.", text, StringComparison.Ordinal);
        Assert.Contains(name, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnderAnotherKeyNothingIsVerifiedUntilAnyTime()
    {
        using var nodes = new TwoNodes(1);
        using var others = new TwoNodes(2);
        var check = Verify(nodes, others.Archive.Operator.Public);
        await check.EndAsync();
        var record = $"{new SomeRecord { Time = "2026-03-01T22:10:00.000000Z" }}"
            .Replace("\"prod\"", "\"demo\"", StringComparison.Ordinal).Replace("\"cp-1\"", "\"node-1\"", StringComparison.Ordinal);
        await using var world = await OpenAsync(check, record);

        Assert.Contains("never", Plain(await world.GetAsync("/integrity")), StringComparison.Ordinal);
        Assert.DoesNotContain("Verified:", Plain(await world.GetAsync("/record?id=r-1")), StringComparison.Ordinal);
        Assert.Contains("Not verified:", Plain(await world.GetAsync("/record?id=r-1")), StringComparison.Ordinal);
    }

    static IntegrityCheck Verify(TwoNodes nodes, VerifyingKey? key = null)
    {
        var options = new VerificationOptions(
            ArchiveScope.All, new([key ?? nodes.Archive.Operator.Public], []), [], nodes.Archive.Now);
        return IntegrityCheck.Start(progress => new Verifier(new InMemoryArchive(nodes.Objects), options, progress).VerifyAsync(Cancel));
    }

    static Task<ConsoleWorld> OpenAsync(IntegrityCheck check, params string[] records) => ConsoleWorld.OpenAsync(
        records.Length > 0 ? records : [$"{new SomeRecord()}"], archive => archive with { Integrity = check }, Cancel);

    static string Plain(string html) => WebUtility.HtmlDecode(Tag().Replace(html, ""));

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}
