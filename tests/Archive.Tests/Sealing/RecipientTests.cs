using ClusterTrail.Archive.Sealing;

namespace ClusterTrail.Archive.Tests.Sealing;

public sealed class RecipientTests
{
    [Theory]
    [InlineData(KeyKind.Rsa1024, "an RSA key of 1024 bits")]
    [InlineData(KeyKind.P521, "P-521")]
    [InlineData(KeyKind.Secp256k1, "secp256k1")]
    [InlineData(KeyKind.Ed25519, "Ed25519")]
    [InlineData(KeyKind.RsaPss, "RSASSA-PSS")]
    [InlineData(KeyKind.ExplicitCurve, "curve without a name")]
    public void AKeyOfAnotherKindIsRefusedWithWhatItIsAndWhatIsAllowed(KeyKind kind, string what)
    {
        using var openssl = OpenSsl.Require();
        var privatePem = openssl.PrivateKey(kind);
        var publicPem = openssl.PublicKey();

        var asRecipient = Assert.Throws<KeyRefusedException>(() => Recipient.FromPem(publicPem));
        var asKey = Assert.Throws<KeyRefusedException>(() => RecipientKey.FromPem(privatePem));

        Assert.Contains(what, asRecipient.Message, StringComparison.Ordinal);
        Assert.Equal(asRecipient.Message, asKey.Message);
        Assert.EndsWith("allowed are RSA of 2048 bits or more, EC P-256 or EC P-384.", asRecipient.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void APrivateKeyIsNoRecipient()
    {
        var pair = KeyPair.GenerateP256();

        var refused = Assert.Throws<KeyRefusedException>(() => Recipient.FromPem(pair.PrivatePem));

        Assert.Contains("This is a private key", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "no PEM object")]
    [InlineData("garbage", "no PEM object")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "cannot be read")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "cannot be read")]
    [InlineData("-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n", "cannot be read")]
    [InlineData("-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n", "X509 CRL")]
    public void WhatIsNoKeyIsRefusedWithASentence(string pem, string what)
    {
        var refused = Assert.Throws<KeyRefusedException>(() => Recipient.FromPem(pem));

        Assert.Contains(what, refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("give one PUBLIC KEY or CERTIFICATE in PEM.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MoreThanOneObjectIsRefused()
    {
        var two = KeyPair.GenerateP256().PublicPem + KeyPair.GenerateP256().PublicPem;

        var refused = Assert.Throws<KeyRefusedException>(() => Recipient.FromPem(two));

        Assert.Contains("more than one PEM object", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(KeyKind.Rsa2048)]
    [InlineData(KeyKind.P256)]
    public void PublicKeyCertificateAndPrivateKeyShareTheirKeyId(KeyKind kind)
    {
        using var openssl = OpenSsl.Require();
        using var privateKey = RecipientKey.FromPem(openssl.PrivateKey(kind));

        var byPublicKey = Recipient.FromPem(openssl.PublicKey());
        var byCertificate = Recipient.FromPem(openssl.Certificate());

        Assert.Equal(privateKey.KeyId.ToArray(), byPublicKey.KeyId.ToArray());
        Assert.Equal(privateKey.KeyId.ToArray(), byCertificate.KeyId.ToArray());
    }

    [Fact]
    public void ACertificatesOwnKeyIdIsTakenAndStillOpens()
    {
        using var openssl = OpenSsl.Require();
        using var privateKey = RecipientKey.FromPem(openssl.PrivateKey(KeyKind.P256));

        var recipient = Recipient.FromPem(openssl.Certificate("key", "-addext", "subjectKeyIdentifier=0102030405"));
        var cms = new Envelope([Recipient.FromPem(KeyPair.GenerateP256().PublicPem), recipient]).Seal([42]);

        Assert.Equal([1, 2, 3, 4, 5], recipient.KeyId.ToArray());
        Assert.Equal([42], EnvelopeReader.Open(cms, privateKey));
        Assert.Equal([42], openssl.Decrypt(cms));
    }
}
