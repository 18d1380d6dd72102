using System.Security.Cryptography;
using System.Text;
using ClusterTrail.Archive.Sealing;

namespace ClusterTrail.Archive.Tests.Sealing;

public sealed class EnvelopeTests
{
    static readonly byte[] Plain = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("who did what\n", 10_000)));

    [Theory]
    [InlineData(KeyKind.Rsa2048)]
    [InlineData(KeyKind.Rsa3072)]
    [InlineData(KeyKind.P256)]
    [InlineData(KeyKind.P384)]
    public void OpensslOpensWhatIsSealedForAPublicKey(KeyKind kind)
    {
        using var openssl = OpenSsl.Require();
        openssl.PrivateKey(kind);

        var cms = new Envelope([Recipient.FromPem(openssl.PublicKey())]).Seal(Plain);

        Assert.Equal(Plain, openssl.Decrypt(cms));
    }

    [Theory]
    [InlineData(KeyKind.Rsa2048)]
    [InlineData(KeyKind.Rsa3072)]
    [InlineData(KeyKind.P256)]
    [InlineData(KeyKind.P384)]
    public void OpensslOpensWhatIsSealedForACertificate(KeyKind kind)
    {
        using var openssl = OpenSsl.Require();
        using var key = RecipientKey.FromPem(openssl.PrivateKey(kind));

        var cms = new Envelope([Recipient.FromPem(openssl.Certificate())]).Seal(Plain);

        Assert.Equal(Plain, openssl.Decrypt(cms));
        Assert.Equal(Plain, EnvelopeReader.Open(cms, key));
    }

    [Fact]
    public void EachOfSeveralRecipientsOpensIt()
    {
        using var openssl = OpenSsl.Require();
        KeyKind[] kinds = [KeyKind.P384, KeyKind.Rsa2048, KeyKind.P256, KeyKind.Rsa3072, KeyKind.P256];
        var keys = kinds.Select((kind, i) => openssl.PrivateKey(kind, $"key{i}")).ToArray();
        var recipients = kinds.Select((_, i) => Recipient.FromPem(openssl.PublicKey($"key{i}"))).ToArray();

        var cms = new Envelope(recipients).Seal(Plain);

        Assert.All(kinds, (_, i) => Assert.Equal(Plain, openssl.Decrypt(cms, $"key{i}")));
        Assert.All(keys, pem => Assert.Equal(Plain, Open(cms, pem)));
    }

    [Theory]
    [InlineData(KeyKind.Rsa2048)]
    [InlineData(KeyKind.P384)]
    public void OpensslFindsTheRecipientByItsKeyId(KeyKind kind)
    {
        using var openssl = OpenSsl.Require();
        openssl.PrivateKey(kind);
        var recipient = Recipient.FromPem(openssl.Certificate());
        var other = Recipient.FromPem(KeyPair.GenerateP256().PublicPem);

        openssl.Write("envelope.cms", new Envelope([other, recipient]).Seal("who did what"u8));
        openssl.Run([.. "cms -decrypt -binary -inform DER -in envelope.cms -recip key.crt -inkey key.pem -out plain".Split(' ')]);

        Assert.Equal("who did what", openssl.Text("plain"));
    }

    [Fact]
    public void OpensslReadsTheStructureBackUnchanged()
    {
        using var openssl = OpenSsl.Require();
        openssl.PrivateKey(KeyKind.P256);
        var cms = new Envelope([Recipient.FromPem(openssl.PublicKey())]).Seal(Plain);

        openssl.Write("written.cms", cms);
        openssl.Run("cms", "-cmsout", "-inform", "DER", "-in", "written.cms", "-print", "-noout", "-out", "printed");
        var printed = openssl.Text("printed");

        Assert.Contains("id-smime-ct-authEnvelopedData", printed, StringComparison.Ordinal);
        Assert.Contains("aes-256-gcm", printed, StringComparison.Ordinal);
        Assert.Contains("dhSinglePass-stdDH-sha256kdf-scheme", printed, StringComparison.Ordinal);
        Assert.Contains("id-aes256-wrap-pad", printed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(65_536)]
    [InlineData(5_000_000)]
    public void WhatIsSealedIsOpenedUnchanged(int bytes)
    {
        var pair = KeyPair.GenerateP256();
        var plain = RandomNumberGenerator.GetBytes(bytes);

        var cms = new Envelope([Recipient.FromPem(pair.PublicPem)]).Seal(plain);

        Assert.Equal(plain, Open(cms, pair.PrivatePem));
    }

    [Fact]
    public void SealingTwiceSharesNoKeyAndNoNonce()
    {
        var envelope = new Envelope([Recipient.FromPem(KeyPair.GenerateP256().PublicPem)]);

        var first = EnvelopeParts.Read(envelope.Seal(Plain));
        var second = EnvelopeParts.Read(envelope.Seal(Plain));

        Assert.NotEqual(first.Nonce.ToArray(), second.Nonce.ToArray());
        Assert.NotEqual(first.Encrypted.ToArray(), second.Encrypted.ToArray());
        Assert.NotEqual(OriginatorOf(first), OriginatorOf(second));
    }

    [Fact]
    public void SeveralThreadsMaySealAtOnce()
    {
        var pair = KeyPair.GenerateP256();
        var envelope = new Envelope([Recipient.FromPem(pair.PublicPem)]);

        var sealedOnes = Enumerable.Range(0, 64).AsParallel().WithDegreeOfParallelism(8).Select(i => envelope.Seal([(byte)i])).ToArray();

        Assert.Equal(
            Enumerable.Range(0, 64).Select(i => (byte)i).Order(),
            sealedOnes.Select(cms => Open(cms, pair.PrivatePem)[0]).Order());
    }

    [Fact]
    public void AnEnvelopeWithoutRecipientsIsRefused()
    {
        var refused = Assert.Throws<KeyRefusedException>(() => new Envelope([]));

        Assert.Contains("at least one recipient", refused.Message, StringComparison.Ordinal);
    }

    static byte[] OriginatorOf(EnvelopeParts parts) => ((KeyAgreeInfo)parts.Recipients[0]).OriginatorPoint.ToArray();

    static byte[] Open(byte[] cms, string pem)
    {
        using var key = RecipientKey.FromPem(pem);
        return EnvelopeReader.Open(cms, key);
    }
}
