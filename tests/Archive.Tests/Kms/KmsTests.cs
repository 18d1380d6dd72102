using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Archive.Sealing;
using ClusterTrail.Kms;
using ClusterTrail.Testing;

namespace ClusterTrail.Archive.Tests.Kms;

/// <summary>Against a stand-in that really signs and decrypts, and fails as KMS does.</summary>
public sealed class KmsTests
{
    readonly ManualTime time = new();

    [Fact]
    public async Task ASignedObjectIsAsOneOfAnOwnKey()
    {
        await using var server = await KmsServer.SigningAsync();
        using var kms = Open(server);
        using var key = KmsSigner.Open(kms);

        var signed = SignedObject.Sign(new JsonObject { ["kind"] = "Digest" }, key);

        var read = SignedObject.Read(signed.Bytes.ToArray());
        Assert.True(read.IsSignedBy(VerifyingKey.FromPem(kms.PublicPem())));
        Assert.Equal(["GetPublicKey", "Sign"], server.Requests);
        Assert.Throws<InvalidOperationException>(key.ToPem);
    }

    [Fact]
    public async Task ThePublicKeyIsAskedForOnce()
    {
        await using var server = await KmsServer.SigningAsync();
        using var kms = Open(server);

        for (var i = 0; i < 3; i++)
            KmsSigner.Open(kms).Dispose();

        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("ThrottlingException", "raise the account's quota")]
    [InlineData("AccessDeniedException", "Grant the credentials kms:Sign on the key")]
    [InlineData("DisabledException", "Enable the key")]
    [InlineData("KMSInvalidStateException", "cancel its deletion")]
    [InlineData("NotFoundException", "Correct the key's id")]
    [InlineData("KMSInternalException", "asked again later")]
    [InlineData("ExpiredTokenException", "Renew the credentials")]
    public async Task ARefusalIsASentence(string code, string advice)
    {
        await using var server = await KmsServer.SigningAsync();
        using var kms = Open(server);
        using var key = KmsSigner.Open(kms);
        server.Fails = code;

        var failure = Assert.Throws<KmsException>(() => key.Sign([1]));

        Assert.Equal(code, failure.Code);
        Assert.Contains(KmsServer.KeyId, failure.Message, StringComparison.Ordinal);
        Assert.Contains(advice, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AfterAFailureNothingIsAskedForAWhile()
    {
        await using var server = await KmsServer.SigningAsync();
        using var kms = Open(server);
        using var key = KmsSigner.Open(kms);
        server.Fails = "DisabledException";
        Assert.Throws<KmsException>(() => key.Sign([1]));
        var asked = server.Requests.Count;

        Assert.Throws<KmsException>(() => key.Sign([1]));
        Assert.Equal(asked, server.Requests.Count);
        server.Fails = null;
        time.Advance(KmsKey.Pause);

        Assert.True(key.Public.Verify([1], key.Sign([1])));
    }

    [Fact]
    public async Task AServiceThatHangsIsGivenUp()
    {
        await using var server = await KmsServer.SigningAsync();
        using var kms = Open(server);
        server.Hangs = true;

        Assert.Equal("Timeout", Assert.Throws<KmsException>(() => KmsSigner.Open(kms)).Code);
    }

    [Fact]
    public void AServiceThatIsAwayIsASentence()
    {
        using var kms = new KmsKey(new("k", null, $"http://127.0.0.1:{FreePort.Next()}"), time, new BasicAWSCredentials("id", "secret"));

        Assert.Equal("Unreachable", Assert.Throws<KmsException>(() => KmsSigner.Open(kms)).Code);
    }

    [Fact]
    public async Task ASignatureOfAnotherKeyIsRefused()
    {
        await using var server = await KmsServer.SigningAsync();
        using var kms = Open(server);
        using var key = KmsSigner.Open(kms);
        server.Lies = true;

        Assert.Contains("another key", Assert.Throws<KeyUnavailableException>(() => key.Sign([1])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAliasThatIsMovedToAnotherKeyChangesNothing()
    {
        await using var server = await KmsServer.SigningAsync();
        using var kms = Open(server, KmsServer.Alias);
        using var key = KmsSigner.Open(kms);

        server.IsAliasMoved = true;

        Assert.True(key.Public.Verify([1], key.Sign([1])));
    }

    [Fact]
    public async Task NobodyNeedsToWaitForThePublicKey()
    {
        await using var server = await KmsServer.SigningAsync();
        using var kms = Open(server);
        server.Hangs = true;

        var opening = KmsSigner.OpenAsync(kms, TestContext.Current.CancellationToken);

        Assert.False(opening.IsCompleted);
        Assert.Equal("Timeout", (await Assert.ThrowsAsync<KmsException>(() => opening)).Code);
        server.Hangs = false;
        time.Advance(KmsKey.Pause);
        using var key = await KmsSigner.OpenAsync(kms, TestContext.Current.CancellationToken);
        Assert.True(key.Public.Verify([1], key.Sign([1])));
    }

    // Whoever can write to the archive chooses what is sent to KMS.
    [Theory]
    [InlineData("ValidationException")]
    [InlineData("InvalidCiphertextException")]
    [InlineData("IncorrectKeyException")]
    public async Task AnEnvelopeThatKmsRefusesKeepsNoOtherFromBeingOpened(string code)
    {
        await using var server = await KmsServer.DecryptingAsync();
        using var kms = Open(server);
        var cms = new Envelope([Recipient.FromPem(kms.PublicPem())]).Seal("content"u8.ToArray());
        using var key = KmsRecipientKey.Open(kms);
        server.Fails = code;
        Assert.Throws<TamperedException>(() => EnvelopeReader.Open(cms, key));

        server.Fails = null;

        Assert.Equal("content"u8.ToArray(), EnvelopeReader.Open(cms, key));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(383)]
    [InlineData(385)]
    [InlineData(10_000_000)]
    public async Task WhatHasAnotherLengthThanTheKeyIsNotSentToKms(int length)
    {
        await using var server = await KmsServer.DecryptingAsync(3072);
        using var kms = Open(server);
        using var key = KmsRecipientKey.Open(kms);

        Assert.Throws<CryptographicException>(() => key.Unwrap(new KeyTransInfo(default, new byte[length])));

        Assert.DoesNotContain("Decrypt", server.Requests);
    }

    [Fact]
    public async Task ARecipientInKmsOpensWhatAgentsSeal()
    {
        await using var server = await KmsServer.DecryptingAsync();
        using var kms = Open(server);
        var envelope = new Envelope([Recipient.FromPem(KeyPair.GenerateP256().PublicPem), Recipient.FromPem(kms.PublicPem())]);
        using var key = KmsRecipientKey.Open(kms);

        Assert.Equal("content"u8.ToArray(), EnvelopeReader.Open(envelope.Seal("content"u8.ToArray()), key));
        Assert.Equal(["GetPublicKey", "Decrypt"], server.Requests);
    }

    [Fact]
    public async Task WhatWasSealedForAnotherKeyIsNotSentToKms()
    {
        await using var server = await KmsServer.DecryptingAsync();
        using var kms = Open(server);
        using var key = KmsRecipientKey.Open(kms);

        Assert.Throws<NotForThisKeyException>(() =>
            EnvelopeReader.Open(new Envelope([Recipient.FromPem(KeyPair.GenerateP256().PublicPem)]).Seal("content"u8.ToArray()), key));
        Assert.DoesNotContain("Decrypt", server.Requests);
    }

    [Theory]
    [InlineData("InvalidCiphertextException", typeof(TamperedException))]
    [InlineData("AccessDeniedException", typeof(KmsException))]
    [InlineData("DisabledException", typeof(KmsException))]
    public async Task WhatKmsDoesNotOpenIsToldApart(string code, Type expected)
    {
        await using var server = await KmsServer.DecryptingAsync();
        using var kms = Open(server);
        var cms = new Envelope([Recipient.FromPem(kms.PublicPem())]).Seal("content"u8.ToArray());
        using var key = KmsRecipientKey.Open(kms);
        server.Fails = code;

        Assert.Throws(expected, () => EnvelopeReader.Open(cms, key));
    }

    [Fact]
    public async Task AKeyForSomethingElseIsRefused()
    {
        await using var signing = await KmsServer.SigningAsync();
        await using var decrypting = await KmsServer.DecryptingAsync();
        await using var small = await KmsServer.DecryptingAsync(1024);
        using var kmsOfSigning = Open(signing);
        using var kmsOfDecrypting = Open(decrypting);
        using var kmsOfSmall = Open(small);

        Assert.Contains(
            "is for SIGN_VERIFY", Assert.Throws<KmsException>(() => KmsRecipientKey.Open(kmsOfSigning)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "is for ENCRYPT_DECRYPT", Assert.Throws<KmsException>(() => KmsSigner.Open(kmsOfDecrypting)).Message, StringComparison.Ordinal);
        Assert.Throws<KeyRefusedException>(() => KmsRecipientKey.Open(kmsOfSmall));
    }

    KmsKey Open(KmsServer server, string keyId = KmsServer.KeyId) => new(
        new(keyId, null, server.Endpoint), time, new BasicAWSCredentials("id", "secret"));
}
