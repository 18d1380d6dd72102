using ClusterTrail.Archive.Digests;
using ClusterTrail.Archive.Sealing;
using ClusterTrail.Archive.Tests.Sealing;

namespace ClusterTrail.Archive.Tests.Digests;

public sealed class KeyTests
{
    [Fact]
    public void AKeyComesBackFromPemAndFromBase64()
    {
        using var key = SigningKey.Generate();

        using var again = SigningKey.FromPem(key.ToPem());

        Assert.Equal(key.Public, again.Public);
        Assert.Equal(key.Public, VerifyingKey.FromPem(key.Public.Pem));
        Assert.Equal(key.Public, VerifyingKey.FromBase64(key.Public.Base64));
        Assert.Matches("^[0-9a-f]{64}$", key.Public.Id);
        Assert.DoesNotContain("PRIVATE", key.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void OpensslMakesKeysThatAreTaken()
    {
        using var openssl = OpenSsl.Require();

        using var key = SigningKey.FromPem(openssl.PrivateKey(KeyKind.P256));

        Assert.Equal(key.Public, VerifyingKey.FromPem(openssl.PublicKey()));
    }

    [Theory]
    [InlineData(KeyKind.P384)]
    [InlineData(KeyKind.Secp256k1)]
    [InlineData(KeyKind.ExplicitCurve)]
    [InlineData(KeyKind.Rsa2048)]
    [InlineData(KeyKind.Ed25519)]
    internal void AnyOtherKindOfKeyIsRefused(KeyKind kind)
    {
        using var openssl = OpenSsl.Require();
        var pem = openssl.PrivateKey(kind);

        Assert.Throws<KeyRefusedException>(() => SigningKey.FromPem(pem));
        Assert.Throws<KeyRefusedException>(() => VerifyingKey.FromPem(openssl.PublicKey()));
    }

    [Fact]
    public void ThePrivateKeyIsNotTakenForThePublicOne()
    {
        using var key = SigningKey.Generate();

        Assert.Throws<KeyRefusedException>(() => VerifyingKey.FromPem(key.ToPem()));
        Assert.Throws<KeyRefusedException>(() => SigningKey.FromPem(key.Public.Pem));
        Assert.Throws<KeyRefusedException>(() => VerifyingKey.FromBase64("no base64"));
    }
}
