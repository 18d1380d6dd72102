using System.Text.Json.Nodes;
using ClusterTrail.Agent.Sinks;
using ClusterTrail.Archive;
using ClusterTrail.Contract.Status;
using ClusterTrail.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests.Sinks;

public sealed class ImmutabilityWatchTests
{
    readonly ManualTime time = new();
    readonly ScriptedCanary canary;
    readonly ImmutabilityWatch watch;

    public ImmutabilityWatchTests()
    {
        canary = new(time);
        watch = new(canary, new("prod", "main", "cp-1", "agent"), time, NullLogger<ImmutabilityWatch>.Instance);
    }

    [Fact]
    public async Task ACanaryIsNoObjectOfTheArchive()
    {
        canary.Answer = true;

        await watch.TryAsync(CancellationToken.None);

        var tried = Assert.Single(canary.Tried);
        Assert.Matches(@"\Acanary/cluster=prod/trail=main/node=cp-1/\d{8}T\d{9}Z-agent-[0-9a-f]{16}\.json\z", tried.Name);
        Assert.False(BatchName.TryParse(tried.Name, out _));
        Assert.False(Archive.Digests.DigestName.TryParse(tried.Name, out _));
        Assert.False(Archive.Digests.KeyRecordName.TryParse(tried.Name, out _));
        Assert.Equal("cp-1", (string?)JsonNode.Parse(tried.Content.Span)!["node"]);
    }

    [Fact]
    public async Task ItIsTriedAtTheStartAndDaily()
    {
        canary.Answer = true;

        await TurnAsync(TimeSpan.Zero);
        await TurnAsync(TimeSpan.FromHours(23));
        Assert.Single(canary.Tried);
        await TurnAsync(TimeSpan.FromHours(1));

        Assert.Equal(2, canary.Tried.Count);
        Assert.Equal(2, canary.Tried.Select(tried => tried.Name).Distinct().Count());
    }

    [Fact]
    public async Task WhatCouldNotBeFoundOutIsTriedAgainSoon()
    {
        await TurnAsync(TimeSpan.Zero);
        Assert.Null(watch.Status!.Immutable);

        canary.Answer = false;
        await TurnAsync(TimeSpan.FromMinutes(14));
        Assert.Null(watch.Status!.Immutable);
        await TurnAsync(TimeSpan.FromMinutes(1));

        Assert.False(watch.Status!.Immutable);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, null)]
    public async Task AnOutageUndoesWhatIsKnownAfterTwoDays(int days, bool? expected)
    {
        canary.Answer = true;
        await watch.TryAsync(CancellationToken.None);

        canary.Answer = null;
        time.Advance(TimeSpan.FromDays(days));
        await watch.TryAsync(CancellationToken.None);

        Assert.Equal(expected, watch.Status!.Immutable);
    }

    [Fact]
    public async Task WhatGoesWrongIsSaidAndTriedAgain()
    {
        canary.Fails = true;
        await TurnAsync(TimeSpan.Zero);
        Assert.Equal((null, "CanaryFailed"), (watch.Status!.Immutable, watch.Status.Reason));

        (canary.Fails, canary.Answer) = (false, true);
        await TurnAsync(TimeSpan.FromMinutes(15));

        Assert.True(watch.Status!.Immutable);
    }

    Task TurnAsync(TimeSpan after)
    {
        time.Advance(after);
        return watch.TurnAsync(CancellationToken.None);
    }

    sealed class ScriptedCanary(TimeProvider time) : ICanary
    {
        public List<SealedObject> Tried { get; } = [];

        public bool? Answer { get; set; }

        public bool Fails { get; set; }

        public Task<ImmutabilityStatus> TryAsync(SealedObject canary, CancellationToken cancellationToken)
        {
            Tried.Add(canary);
            if (Fails)
            {
                throw new InvalidOperationException("As the test says.");
            }

            return Task.FromResult<ImmutabilityStatus>(new()
            {
                At = time.GetUtcNow(),
                Immutable = Answer,
                Reason = $"Answer{Answer}",
                Message = "As the test says.",
                Object = canary.Name,
            });
        }
    }
}
