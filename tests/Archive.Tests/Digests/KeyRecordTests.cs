using ClusterTrail.Archive.Digests;

namespace ClusterTrail.Archive.Tests.Digests;

public sealed class KeyRecordTests : IDisposable
{
    readonly SigningKey agent = SigningKey.Generate();
    readonly SigningKey theOperator = SigningKey.Generate();

    public void Dispose()
    {
        agent.Dispose();
        theOperator.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnEnrolmentComesBack(bool hasFormer)
    {
        var enrolment = new KeyEnrolment
        {
            Owner = SomeDigest.Owner,
            Key = agent.Public,
            EnrolledAt = SomeDigest.Time,
            OperatorKeyId = theOperator.Public.Id,
            FormerHead = hasFormer ? new("00112233445566778899aabbccddeeff", 7, new('a', 64)) : null,
        };

        var signed = SignedObject.Sign(enrolment.ToJson(), theOperator);
        var read = KeyEnrolment.Read(SignedObject.Read(signed.Bytes.ToArray()));

        Assert.Equal(enrolment, read);
        Assert.Equal(
            $"keys/cluster=prod/trail=main/node=cp-1/20261126T100500123Z-agent-{agent.Public.Id[..16]}-{signed.Hash}.json",
            enrolment.NameOf(signed).ToString());
    }

    [Fact]
    public void ARetirementComesBackAndIsNoEnrolment()
    {
        var retirement = new KeyRetirement
        {
            Owner = SomeDigest.Owner,
            KeyId = agent.Public.Id,
            RetiredAt = SomeDigest.Time,
            Why = "The node is gone.",
            OperatorKeyId = theOperator.Public.Id,
        };

        var signed = SignedObject.Sign(retirement.ToJson(), theOperator);

        Assert.Equal(KeyRetirement.Kind, SignedContent.KindOf(signed));
        Assert.Equal(retirement, KeyRetirement.Read(SignedObject.Read(signed.Bytes.ToArray())));
        Assert.Equal(
            "kind is \"KeyRetirement\"; allowed: KeyEnrolment.",
            Assert.Throws<DigestException>(() => KeyEnrolment.Read(signed)).Message);
        Assert.StartsWith(
            $"keys/cluster=prod/trail=main/node=cp-1/20261126T100500123Z-agent-{agent.Public.Id[..16]}-",
            retirement.NameOf(signed).ToString(), StringComparison.Ordinal);
    }
}
