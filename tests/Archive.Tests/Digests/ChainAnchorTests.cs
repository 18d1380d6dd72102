using System.Text.Json.Nodes;
using ClusterTrail.Archive.Digests;

namespace ClusterTrail.Archive.Tests.Digests;

public sealed class ChainAnchorTests : IDisposable
{
    readonly SigningKey key = SigningKey.Generate();

    public void Dispose() => key.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhatIsWrittenIsRead(bool hasFormer)
    {
        var anchor = Anchor() with { FormerHead = hasFormer ? new(new('b', 32), 7, new('d', 64)) : null };

        Assert.Equal(anchor, Read(anchor.ToJson()));
    }

    [Fact]
    public void EachChainHasANameOfItsOwn() => Assert.Equal(
        $"anchors/cluster=prod/trail=main/node=cp-1/agent-{new string('c', 32)}.json",
        ChainAnchor.NameOf(Anchor().Owner, Anchor().Head.ChainId));

    [Theory]
    [InlineData("intervalSeconds", "604801", "allowed: an integer from 0 to 604800")]
    [InlineData("intervalSeconds", "-1", "allowed: an integer from 0 on")]
    [InlineData("intervalSeconds", "\"3600\"", "allowed: an integer from 0 on")]
    [InlineData("intervalSeconds", null, "intervalSeconds is missing")]
    [InlineData("formerHead", "7", "allowed: an object")]
    [InlineData("more", "1", "more is not a member")]
    public void WhatIsNotAsItMustBeIsNamed(string member, string? value, string problem)
    {
        var json = Anchor().ToJson();
        json.Remove(member);
        if (value is not null)
            json[member] = JsonNode.Parse(value);

        Assert.Contains(problem, Assert.Throws<DigestException>(() => Read(json)).Message, StringComparison.Ordinal);
    }

    ChainAnchor Read(JsonObject json) => ChainAnchor.Read(SignedObject.Read(SignedObject.Sign(json, key).Bytes.ToArray()));

    ChainAnchor Anchor() => new()
    {
        Owner = new("prod", "main", "cp-1", "agent"),
        Head = new(new('c', 32), 9, new('a', 64)),
        Until = DateTimeOffset.UnixEpoch,
        AnchoredAt = DateTimeOffset.UnixEpoch.AddMinutes(5),
        Interval = TimeSpan.FromHours(1),
        OperatorKeyId = key.Public.Id,
    };
}
