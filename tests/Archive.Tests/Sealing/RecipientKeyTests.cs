using ClusterTrail.Archive.Sealing;

namespace ClusterTrail.Archive.Tests.Sealing;

public sealed class RecipientKeyTests
{
    [Theory]
    [InlineData("genrsa", "-traditional", "-out", "key.pem", "2048")]
    [InlineData("genrsa", "-out", "key.pem", "2048")]
    [InlineData("ecparam", "-genkey", "-name", "prime256v1", "-out", "key.pem")]
    [InlineData("ecparam", "-genkey", "-name", "secp384r1", "-noout", "-out", "key.pem")]
    [InlineData("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "key.pem")]
    public void EveryFormThatOpensslWritesIsRead(params string[] command)
    {
        using var openssl = OpenSsl.Require();
        openssl.Run(command);
        var cms = new Envelope([Recipient.FromPem(openssl.PublicKey())]).Seal("plain"u8);

        using var key = RecipientKey.FromPem(openssl.Text("key.pem"));

        Assert.Equal("plain"u8.ToArray(), EnvelopeReader.Open(cms, key));
    }

    [Fact]
    public void AByteOrderMarkBeforeAKeyIsNoPartOfIt()
    {
        var pair = KeyPair.GenerateP256();
        var cms = new Envelope([Recipient.FromPem("\uFEFF" + pair.PublicPem)]).Seal("plain"u8);

        using var key = RecipientKey.FromPem("\uFEFF" + pair.PrivatePem);

        Assert.Equal("plain"u8.ToArray(), EnvelopeReader.Open(cms, key));
    }

    [Theory]
    [InlineData("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-aes256", "-pass", "pass:secret", "-out", "key.pem")]
    [InlineData("genrsa", "-traditional", "-aes256", "-passout", "pass:secret", "-out", "key.pem", "2048")]
    public void AKeyWithAPassphraseIsRefusedWithWhatToDo(params string[] command)
    {
        using var openssl = OpenSsl.Require();
        openssl.Run(command);

        var refused = Assert.Throws<KeyRefusedException>(() => RecipientKey.FromPem(openssl.Text("key.pem")));

        Assert.Contains("encrypted with a passphrase; decrypt it first", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void APublicKeyOpensNothing()
    {
        var pair = KeyPair.GenerateP256();

        var refused = Assert.Throws<KeyRefusedException>(() => RecipientKey.FromPem(pair.PublicPem));

        Assert.Contains("This is a public key", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "no PEM object")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "cannot be read")]
    [InlineData("-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n", "cannot be read")]
    [InlineData("-----BEGIN DSA PRIVATE KEY-----\nAAAA\n-----END DSA PRIVATE KEY-----\n", "DSA PRIVATE KEY")]
    public void WhatIsNoKeyIsRefusedWithASentence(string pem, string what)
    {
        var refused = Assert.Throws<KeyRefusedException>(() => RecipientKey.FromPem(pem));

        Assert.Contains(what, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AKeyPairNeverPrintsItsPrivateKey()
    {
        var pair = KeyPair.GenerateP256();

        var printed = $"{pair}";

        Assert.DoesNotContain("PRIVATE", printed, StringComparison.Ordinal);
    }
}
