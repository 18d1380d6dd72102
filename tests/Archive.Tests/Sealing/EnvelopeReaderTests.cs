using System.Buffers.Text;
using ClusterTrail.Archive.Sealing;

namespace ClusterTrail.Archive.Tests.Sealing;

public sealed class EnvelopeReaderTests : IDisposable
{
    readonly KeyPair pair = KeyPair.GenerateP256();
    readonly RecipientKey key;
    readonly byte[] cms;

    public EnvelopeReaderTests()
    {
        key = RecipientKey.FromPem(pair.PrivatePem);
        cms = new Envelope([Recipient.FromPem(pair.PublicPem)]).Seal("who did what"u8);
    }

    public void Dispose() => key.Dispose();

    [Fact]
    public void AnotherKeyIsToldWhichKeysItIsSealedFor()
    {
        using var other = RecipientKey.FromPem(KeyPair.GenerateP256().PrivatePem);

        var refused = Assert.Throws<NotForThisKeyException>(() => EnvelopeReader.Open(cms, other));

        Assert.Equal([Convert.ToHexStringLower(key.KeyId.Span)], refused.KeyIds);
        Assert.Contains(refused.KeyIds[0], refused.Message, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(other.KeyId.Span), refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(KeyKind.Rsa2048)]
    [InlineData(KeyKind.P384)]
    public void AKeyOfAnotherTypeIsNotForIt(KeyKind kind)
    {
        using var openssl = OpenSsl.Require();
        using var other = RecipientKey.FromPem(openssl.PrivateKey(kind));

        Assert.Throws<NotForThisKeyException>(() => EnvelopeReader.Open(cms, other));
    }

    [Fact]
    public void AChangedContentIsTampered()
    {
        var changed = ChangeIn(EnvelopeParts.Read(cms).Encrypted);

        Assert.Throws<TamperedException>(() => EnvelopeReader.Open(changed, key));
    }

    [Fact]
    public void AChangedTagIsTampered()
    {
        var changed = ChangeIn(EnvelopeParts.Read(cms).Tag);

        Assert.Throws<TamperedException>(() => EnvelopeReader.Open(changed, key));
    }

    [Fact]
    public void AChangedNonceIsTampered()
    {
        var changed = ChangeIn(EnvelopeParts.Read(cms).Nonce);

        Assert.Throws<TamperedException>(() => EnvelopeReader.Open(changed, key));
    }

    [Fact]
    public void AChangedWrappedKeyIsTampered()
    {
        var changed = ChangeIn(EnvelopeParts.Read(cms).Recipients[0].WrappedKey);

        Assert.Throws<TamperedException>(() => EnvelopeReader.Open(changed, key));
    }

    [Fact]
    public void AChangedOriginatorKeyIsTampered()
    {
        var changed = ChangeIn(((KeyAgreeInfo)EnvelopeParts.Read(cms).Recipients[0]).OriginatorPoint);

        Assert.Throws<TamperedException>(() => EnvelopeReader.Open(changed, key));
    }

    [Fact]
    public void AChangedRsaWrappedKeyIsTampered()
    {
        using var openssl = OpenSsl.Require();
        using var rsa = RecipientKey.FromPem(openssl.PrivateKey(KeyKind.Rsa2048));
        var forRsa = new Envelope([Recipient.FromPem(openssl.PublicKey())]).Seal("who did what"u8);
        var wrapped = EnvelopeParts.Read(forRsa).Recipients[0].WrappedKey;

        forRsa[forRsa.AsSpan().IndexOf(wrapped.Span) + 9] ^= 1;

        Assert.Throws<TamperedException>(() => EnvelopeReader.Open(forRsa, rsa));
    }

    [Fact]
    public void NoChangedByteAnywhereGivesOtherContent()
    {
        for (var i = 0; i < cms.Length; i++)
        {
            var changed = cms.ToArray();
            changed[i] ^= 0x41;

            // A key id only names the recipient: changed, the key is found by trying. Everything else must be refused.
            if (Record.Exception(() => Assert.Equal("who did what"u8.ToArray(), EnvelopeReader.Open(changed, key))) is { } exception)
                Assert.IsType<EnvelopeException>(exception, exactMatch: false);
        }
    }

    [Fact]
    public void NoShorterEnvelopeIsOpened()
    {
        for (var length = 0; length < cms.Length; length++)
            Assert.Throws<NotAnEnvelopeException>(() => EnvelopeReader.Open(cms.AsMemory(0, length), key));
    }

    [Fact]
    public void AnEnvelopeWithMoreBehindItIsRefused()
    {
        byte[] longer = [.. cms, 0];

        Assert.Throws<NotAnEnvelopeException>(() => EnvelopeReader.Open(longer, key));
    }

    [Fact]
    public void CmsOfAnotherKindIsNamedAsSuch()
    {
        using var openssl = OpenSsl.Require();
        openssl.Write("plain", "who did what"u8.ToArray());
        openssl.Run("cms", "-data_create", "-binary", "-in", "plain", "-outform", "PEM", "-out", "data.pem");

        var other = Convert.FromBase64String(string.Concat(openssl.Text("data.pem").Split('\n').Where(line => Base64.IsValid(line))));
        var refused = Assert.Throws<NotAnEnvelopeException>(() => EnvelopeReader.Open(other, key));

        Assert.Contains("CMS, but not AuthEnvelopedData", refused.Message, StringComparison.Ordinal);
    }

    byte[] ChangeIn(ReadOnlyMemory<byte> part)
    {
        var changed = cms.ToArray();
        changed[cms.AsSpan().IndexOf(part.Span) + part.Length / 2] ^= 1;
        return changed;
    }
}
