using ClusterTrail.Archive.Digests;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Chains;
using ClusterTrail.Verification.Findings;

namespace ClusterTrail.Kubectl.Tests.Verify;

/// <summary>Heads that an operator keeps in a second bucket, or a copy of it.</summary>
[Collection(S3Fixture.Collection)]
public sealed class AnchoredHeadsTests(S3Fixture s3) : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly TwoNodes world = new(3, DateTimeOffset.UtcNow);

    public void Dispose()
    {
        world.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task AnArchiveThatReachesItsAnchorsIsVerified()
    {
        Anchor(world.Agents[0]);
        Anchor(world.Agents[1]);

        var outcome = await VerifyAsync();

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Contains("has no versions of anchors", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-o", "text", "note: ")]
    [InlineData("-o", "json", "\"notes\": [")]
    [InlineData("-o", "junit", "<property name=\"note\" value=\"")]
    [InlineData("--summary", null, "note: ")]
    public async Task EachReportSaysWhatAnchorsDoNotShow(string option, string? value, string before)
    {
        Anchor(world.Agents[0]);
        Anchor(world.Agents[1]);

        var outcome = await VerifyAsync(
            [option, .. value is null ? Array.Empty<string>() : [value], "--report", folder.Join("report.html")]);

        Assert.Matches($"{System.Text.RegularExpressions.Regex.Escape(before)}\\s*\"?[^\"\n]* has no versions of anchors", outcome.Output);
        Assert.Contains(
            "<dt>Note</dt>", await File.ReadAllTextAsync(folder.Join("report.html"), TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAnchorOfTheLastIntervalIsNotStaleAndAnOlderOneIs()
    {
        Anchor(world.Agents[0]);
        Anchor(world.Agents[1]);
        world.Pass(TimeSpan.FromMinutes(70));
        Assert.Equal(0, (await VerifyAsync("--strict")).ExitCode);

        world.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal((int)FindingKind.StaleHead, (await VerifyAsync("--strict")).ExitCode);
    }

    [Fact]
    public async Task AChainThatIsGoneIsMissedThoughAnotherFollowed()
    {
        var agent = world.Agents[1];
        Anchor(world.Agents[0]);
        Anchor(agent);
        var former = world.Names("digests", 1).Concat(world.Names("events", 1)).Concat(world.Names("keys", 1)).ToList();
        var head = agent.Delivered!;
        Restart(agent);
        Anchor(agent);
        Assert.Equal(0, (await VerifyAsync()).ExitCode);

        former.ForEach(name => world.Objects.Remove(name));
        var outcome = await VerifyAsync("-o", "json");

        Assert.Equal((int)FindingKind.CutOffTail, outcome.ExitCode);
        Assert.Contains($"\"CutOffTail\": {head.Sequence}", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheFormerHeadOfAnAnchorIsOneToo()
    {
        var agent = world.Agents[1];
        var head = agent.Delivered!;
        world.Objects.Remove(world.Names("digests", 1)[^1]);
        Restart(agent);
        Anchor(world.Agents[0]);
        Anchor(agent, former: head);

        Assert.Equal((int)FindingKind.CutOffTail, (await VerifyAsync()).ExitCode);
    }

    [Fact]
    public async Task AChainWithoutAnAnchorShows()
    {
        Anchor(world.Agents[0]);
        var outcome = await VerifyAsync();
        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("UnanchoredChain (30), 1", outcome.Output, StringComparison.Ordinal);

        // The operator anchored the other one hours after this one began.
        world.Pass(TimeSpan.FromHours(3));
        Anchor(world.Agents[0], ago: TimeSpan.FromMinutes(10));

        Assert.Equal((int)FindingKind.AnchorTampered, (await VerifyAsync()).ExitCode);
    }

    [Fact]
    public async Task ACutOffTailShows()
    {
        Anchor(world.Agents[0]);
        Anchor(world.Agents[1]);
        world.Objects.Remove(world.Names("digests", 1)[^1]);

        Assert.Equal((int)FindingKind.CutOffTail, (await VerifyAsync()).ExitCode);
    }

    [Fact]
    public async Task AnchorsOfOthersAreLeftOut()
    {
        Anchor(world.Agents[0]);
        Anchor(world.Agents[1]);
        world.Objects.Remove(world.Names("digests", 1)[^1]);

        Assert.Equal(0, (await VerifyAsync("--node", world.Agents[0].Owner.Node)).ExitCode);
    }

    [Fact]
    public async Task WhatNobodyTrustedSignedIsRefused()
    {
        using var other = SigningKey.Generate();
        Anchor(world.Agents[0], by: other);

        var outcome = await VerifyAsync();

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("no key of --keys signed it", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAnchorInAnothersPlaceIsRefused()
    {
        var path = Anchor(world.Agents[0]);
        var moved = path.Replace("node=node-1", "node=node-2", StringComparison.Ordinal);
        Directory.CreateDirectory(Path.GetDirectoryName(moved)!);
        File.Move(path, moved);

        Assert.Contains("was moved there", (await VerifyAsync()).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("oops", "not two lines")]
    [InlineData("", "not two lines")]
    public async Task ADamagedAnchorIsRefused(string content, string why)
    {
        await File.WriteAllTextAsync(Anchor(world.Agents[0]), content, TestContext.Current.CancellationToken);

        var outcome = await VerifyAsync();

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(why, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFolderWithoutAnchorsIsRefused()
    {
        Directory.CreateDirectory(folder.Join("anchored"));

        Assert.Contains("has no anchor", (await VerifyAsync()).Error, StringComparison.Ordinal);
    }

    [Fact]
    [Requires(Requires.S3)]
    public async Task ABucketOfAnchorsIsReadAsAFolderIs()
    {
        var server = await s3.StartedAsync();
        ProcessCredentials.Set();
        var bucket = await server.CreateBucketAsync();
        foreach (var agent in world.Agents)
        {
            await server.Client.PutObjectAsync(
                new() { BucketName = bucket, Key = $"kept/{ChainAnchor.NameOf(agent.Owner, agent.ChainId)}", FilePath = Anchor(agent) },
                TestContext.Current.CancellationToken);
        }

        world.Objects.Remove(world.Names("digests", 0)[^1]);
        Write();
        var outcome = await CommandLine.RunAsync(
            "verify", folder.Join("archive"), "--keys", folder.Join("operator.pem"), "--heads", $"s3://{bucket}/kept",
            "--endpoint", server.Endpoint.ToString(), "--path-style");

        Assert.Equal((int)FindingKind.CutOffTail, outcome.ExitCode);
        Assert.Contains($"the anchor s3://{bucket}/kept/anchors/", outcome.Output, StringComparison.Ordinal);
    }

    void Restart(SimulatedAgent agent)
    {
        world.Archive.Now += TimeSpan.FromMinutes(5);
        agent.LoseState();
        world.Archive.Enrol(agent.Owner, agent.Key.Public, world.Archive.Now);
        agent.SealDigest(DigestReason.Start);
        agent.Deliver();
        world.Agents[0].SealDigest();
        world.Agents[0].Deliver();
    }

    Task<Outcome> VerifyAsync(params string[] options)
    {
        if (Directory.Exists(folder.Join("archive")))
            Directory.Delete(folder.Join("archive"), recursive: true);
        Write();
        return CommandLine.RunAsync(
            ["verify", folder.Join("archive"), "--keys", folder.Join("operator.pem"), "--heads", folder.Join("anchored"), .. options]);
    }

    void Write()
    {
        world.Archive.WriteTo(folder.Join("archive"));
        File.WriteAllText(folder.Join("operator.pem"), world.Archive.Operator.Public.Pem);
    }

    string Anchor(SimulatedAgent agent, SigningKey? by = null, ChainHead? former = null, TimeSpan? ago = null)
    {
        var key = by ?? world.Archive.Operator;
        var anchor = new ChainAnchor
        {
            Owner = agent.Owner,
            Head = agent.Delivered!,
            Until = world.Archive.Now,
            AnchoredAt = world.Archive.Now - (ago ?? TimeSpan.Zero),
            Interval = TimeSpan.FromHours(1),
            FormerHead = former,
            OperatorKeyId = key.Public.Id,
        };
        var path = Path.Combine(folder.Join("anchored"), ChainAnchor.NameOf(agent.Owner, agent.ChainId));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, SignedObject.Sign(anchor.ToJson(), key).Bytes.ToArray());
        return path;
    }
}
