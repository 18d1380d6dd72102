using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Archive.Digests;

namespace ClusterTrail.Archive.Tests.Digests;

public sealed class DigestTests : IDisposable
{
    readonly SigningKey key = SigningKey.Generate();
    readonly SigningKey next = SigningKey.Generate();

    public void Dispose()
    {
        key.Dispose();
        next.Dispose();
    }

    [Fact]
    public void AllThatADigestSaysComesBack()
    {
        var digest = SomeDigest.Full(key.Public, next.Public);

        var read = Digest.Read(Signed(digest.ToJson()));

        Assert.Equivalent(digest, read, strict: true);
    }

    [Fact]
    public void TheFirstAndTheLastOfAChainComeBack()
    {
        var first = SomeDigest.First(key.Public);
        var last = SomeDigest.Full(key.Public, next.Public) with
        {
            Reason = DigestReason.Stop,
            Stop = StopCause.Shutdown,
            NextBy = null,
            NextKey = null,
        };

        Assert.Equivalent(first, Digest.Read(Signed(first.ToJson())), strict: true);
        Assert.Equivalent(last, Digest.Read(Signed(last.ToJson())), strict: true);
    }

    [Fact]
    public void ItsNameSaysWhoseItIsAndWhenItWasSealed()
    {
        var digest = SomeDigest.Full(key.Public, next.Public);
        var signed = Signed(digest.ToJson());

        var name = digest.NameOf(signed);

        Assert.Equal(
            $"digests/cluster=prod/trail=main/date=2026-11-26/node=cp-1/100500123-agent-00000007-{signed.Sha256[..16]}.json",
            name.ToString());
    }

    [Theory]
    [InlineData("kind", "\"KeyEnrolment\"", "kind is \"KeyEnrolment\"; allowed: Digest.")]
    [InlineData("kind", null, "kind is missing.")]
    [InlineData("cluster", null, "cluster is missing.")]
    [InlineData("chainId", "\"0011\"", "chainId is \"0011\"; allowed: 32 hexadecimal digits in lower case.")]
    [InlineData("sequence", "0", "sequence is \"0\"; allowed: an integer from 1 on.")]
    [InlineData("sequence", "-1", "sequence is -1; allowed: an integer from 0 on.")]
    [InlineData("sequence", "\"7\"", "sequence is \"7\"; allowed: an integer from 0 on.")]
    [InlineData("sequence", "1", "previous is not as it must be: absent in the first digest of a chain, and only there.")]
    [InlineData("previous", null, "previous is not as it must be: absent in the first digest of a chain, and only there.")]
    [InlineData("previous", "{\"name\":\"x\"}", "previous.sha256 is missing.")]
    [InlineData("reason", "\"Stop\"", "stop is not as it must be: present when reason is Stop, and absent otherwise.")]
    [InlineData("reason", "\"1\"", "reason is \"1\"; allowed: one of Start, Period, Stop.")]
    [InlineData("stop", "\"Shutdown\"", "stop is not as it must be: present when reason is Stop, and absent otherwise.")]
    [InlineData("nextBy", null, "nextBy is not as it must be: absent when reason is Stop, and present otherwise.")]
    [InlineData("until", "\"2026-11-26T10:05:00Z\"", "until is \"2026-11-26T10:05:00Z\"; allowed: a time like 2026-01-31T10:00:00.000Z.")]
    [InlineData("publicKey", "\"AAAA\"",
        "publicKey: This cannot be read as a key; give an EC public key on P-256 (SubjectPublicKeyInfo) in base64.")]
    [InlineData("objects", "[1]", "objects[0] is 1; allowed: an object.")]
    [InlineData("objects", "{}", "objects is {}; allowed: an array.")]
    [InlineData("sources", "[]", "objects is not as it must be: batches of the sources that the digest names.")]
    [InlineData("spool", "{\"bytes\":0,\"batches\":0,\"blockedSeconds\":0,\"refused\":0,\"more\":0}",
        "spool.more is not a member that its version has.")]
    [InlineData("more", "true", "more is not a member that its version has.")]
    public void WhatIsWrongIsASentence(string member, string? value, string sentence)
    {
        var json = SomeDigest.Full(key.Public, next.Public).ToJson();
        Set(json, member, value);

        var refused = Assert.Throws<DigestException>(() => Digest.Read(Signed(json)));

        Assert.Equal((DigestFault.Malformed, sentence), (refused.Fault, refused.Message));
    }

    [Theory]
    [InlineData("name",
        "\"events/cluster=other/trail=main/date=2026-11-26/node=cp-1/100100000-apiserver-00000042-aaaaaaaaaaaaaaaa.ndjson.zst.cms\"")]
    [InlineData("name",
        "\"events/cluster=prod/trail=main/date=2026-11-26/node=cp-2/100100000-apiserver-00000042-aaaaaaaaaaaaaaaa.ndjson.zst.cms\"")]
    [InlineData("name",
        "\"x/events/cluster=prod/trail=main/date=2026-11-26/node=cp-1/100100000-apiserver-00000042-aaaaaaaaaaaaaaaa.ndjson.zst.cms\"")]
    [InlineData("sequence", "41")]
    [InlineData("source", "\"other\"")]
    [InlineData("firstEventTime", "\"2026-11-26T10:01:00.001Z\"")]
    [InlineData("sha256", "\"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\"")]
    public void AnObjectsNameSaysTheSameAsItsMembers(string member, string value)
    {
        var json = SomeDigest.Full(key.Public, next.Public).ToJson();
        Set(json["objects"]![0]!.AsObject(), member, value);

        var refused = Assert.Throws<DigestException>(() => Digest.Read(Signed(json)));

        Assert.StartsWith("objects[0].name is ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MembersOfALaterMinorVersionAreIgnoredAndStaySigned()
    {
        var json = SomeDigest.Full(key.Public, next.Public).ToJson();
        (json["version"], json["more"], json["spool"]!["more"]) = ("1.7", true, new JsonArray("x"));

        var signed = Signed(json);

        Assert.Equal(7, Digest.Read(signed).Sequence);
        Assert.Contains("\"more\":[\"x\"]", System.Text.Encoding.UTF8.GetString(signed.SignedBytes.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2.0")]
    [InlineData("1")]
    [InlineData("1.")]
    [InlineData("1.-1")]
    public void AnotherMajorVersionIsToldApart(string version)
    {
        var json = SomeDigest.Full(key.Public, next.Public).ToJson();
        json["version"] = version;

        var refused = Assert.Throws<DigestException>(() => Digest.Read(Signed(json)));

        Assert.Equal(DigestFault.UnknownVersion, refused.Fault);
    }

    [Fact]
    public void AKeyThatItsIdDoesNotNameIsRefused()
    {
        var json = SomeDigest.Full(key.Public, next.Public).ToJson();
        json["keyId"] = next.Public.Id;

        Assert.Contains("keyId", Assert.Throws<DigestException>(() => Digest.Read(Signed(json))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40, true)]
    [InlineData(41, true)]
    [InlineData(42, false)]
    [InlineData(43, true)]
    [InlineData(1000, true)]
    public void ARangeWithoutEndGoesOnForEver(long sequence, bool waits)
    {
        var digest = SomeDigest.Full(key.Public, next.Public);

        Assert.Equal(waits, digest.Waiting.Any(range => range.Contains("apiserver", sequence)));
        Assert.DoesNotContain(digest.Waiting, range => range.Contains("other", sequence));
    }

    [Fact]
    public void WhatTheOperatorSaidComesBackAndHasAVersionOfItsOwn()
    {
        var digest = SomeDigest.Full(key.Public, next.Public) with { Completeness = SomeDigest.Completeness };
        DigestCompleteness[] others =
        [
            new(null, OfAll: false, Counts: null, new("it is forbidden", SomeDigest.Time)),
            new(
                SomeDigest.Time, OfAll: false,
                new() { Since = SomeDigest.Time, MissingAtLeast = 0, MissingAtMost = 3, EarlierMissing = 0, SurplusAtLeast = 0 }, null),
        ];

        Assert.Equal("1.1", (string?)digest.ToJson()["version"]);
        Assert.Equal("1.0", (string?)SomeDigest.Full(key.Public, next.Public).ToJson()["version"]);
        Assert.Equivalent(digest, Digest.Read(Signed(digest.ToJson())), strict: true);
        Assert.All(others, other => Assert.Equal(other, Digest.Read(Signed((digest with { Completeness = other }).ToJson())).Completeness));
    }

    [Theory]
    [InlineData("at", "\"2026-11-26\"", "completeness.at is \"2026-11-26\"; allowed: a time like 2026-01-31T10:00:00.000Z.")]
    [InlineData("ofAll", "false", "completeness.ofAll is false; allowed: true, or absent.")]
    [InlineData("more", "1", "completeness.more is not a member that its version has.")]
    [InlineData("counts", null, "completeness.at is not as it must be: absent where there are no counts.")]
    [InlineData("counts", "[]", "completeness.counts is []; allowed: an object.")]
    [InlineData("counts.missingAtLeast", "-1", "completeness.counts.missingAtLeast is -1; allowed: an integer from 0 on.")]
    [InlineData("counts.missingAtMost", "6",
        "completeness.counts.missingAtMost is not as it must be: an integer from missingAtLeast to 2^53 - 1.")]
    [InlineData("counts.since", null, "completeness.counts.since is missing.")]
    [InlineData("counts.foundAt", null,
        "completeness.counts.foundAt is not as it must be: present when something differs, and absent otherwise.")]
    [InlineData("counts.reason", null, "completeness.counts.reason is not as it must be: present when foundAt is, and absent otherwise.")]
    [InlineData("counts.reason", "\"\"", "completeness.counts.reason is not as it must be: a text of 1 to 64 characters.")]
    [InlineData("notCompared.reason", "\"\"", "completeness.notCompared.reason is not as it must be: a text of 1 to 500 characters.")]
    [InlineData("notCompared.since", null, "completeness.notCompared.since is missing.")]
    public void WhatAnOperatorCannotHaveSaidIsASentence(string member, string? value, string sentence)
    {
        var json = (SomeDigest.Full(key.Public, next.Public) with { Completeness = SomeDigest.Completeness }).ToJson();
        var said = json["completeness"]!;
        var (parent, name) = member.Split('.') is [var outer, var inner] ? (said[outer]!, inner) : (said, member);
        Set(parent.AsObject(), name, value);

        var refused = Assert.Throws<DigestException>(() => Digest.Read(Signed(json)));

        Assert.Equal((DigestFault.Malformed, sentence), (refused.Fault, refused.Message));
    }

    [Fact]
    public void AnEmptyWordIsNone()
    {
        var json = (SomeDigest.Full(key.Public, next.Public) with { Completeness = SomeDigest.Completeness }).ToJson();
        json["completeness"] = new JsonObject();

        var refused = Assert.Throws<DigestException>(() => Digest.Read(Signed(json)));

        Assert.StartsWith("completeness.counts", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Readers of 1.0 do not know it, so it must not be there; of 1.2 nobody knows what else there is.</summary>
    [Fact]
    public void ItBelongsToItsVersion()
    {
        var json = (SomeDigest.Full(key.Public, next.Public) with { Completeness = SomeDigest.Completeness }).ToJson();
        json["version"] = "1.0";
        Assert.Equal(
            "completeness is not a member that its version has.", Assert.Throws<DigestException>(() => Digest.Read(Signed(json))).Message);

        (json["version"], json["more"]) = ("1.1", 1);
        Assert.Equal("more is not a member that its version has.", Assert.Throws<DigestException>(() => Digest.Read(Signed(json))).Message);

        json["version"] = "1.2";
        Assert.Equal(SomeDigest.Completeness, Digest.Read(Signed(json)).Completeness);
    }

    // Written and read, so that it is what a reader has.
    SignedObject Signed(JsonObject json) => SignedObject.Read(SignedObject.Sign(json, key).Bytes.ToArray());

    static void Set(JsonObject json, string member, string? value)
    {
        json.Remove(member);
        if (value is not null)
        {
            json[member] = JsonNode.Parse(value, null, new JsonDocumentOptions());
        }
    }
}
