using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Archive.Digests;

namespace ClusterTrail.Archive.Tests.Digests;

public sealed class SignedObjectTests : IDisposable
{
    readonly SigningKey key = SigningKey.Generate();

    public void Dispose() => key.Dispose();

    [Fact]
    public void ItIsTwoLinesAndItsOwnerSignedTheFirst()
    {
        var signed = SignedObject.Sign(new() { ["b"] = 1, ["a"] = "x" }, key);

        var read = SignedObject.Read(signed.Bytes.ToArray());

        var lines = Encoding.ASCII.GetString(signed.Bytes.Span).Split('\n');
        Assert.Equal("{\"a\":\"x\",\"b\":1}", lines[0]);
        Assert.Equal(3, lines.Length);
        Assert.Equal("", lines[2]);
        Assert.Equal(signed.Sha256, read.Sha256);
        Assert.True(read.IsSignedBy(key.Public));
    }

    [Fact]
    public void AnyOtherKeyDidNotSignIt()
    {
        using var other = SigningKey.Generate();

        Assert.False(SignedObject.Sign(new() { ["a"] = 1 }, key).IsSignedBy(other.Public));
    }

    [Fact]
    public void EveryChangedByteIsFound()
    {
        var whole = SignedObject.Sign(new() { ["a"] = 12, ["b"] = "text" }, key).Bytes.ToArray();

        for (var at = 0; at < whole.Length; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var changed = whole.ToArray();
                changed[at] ^= (byte)(1 << bit);
                Assert.False(IsAccepted(changed), $"Byte {at}, bit {bit}.");
            }
        }
    }

    [Theory]
    [InlineData("", DigestFault.Malformed)]
    [InlineData("{}", DigestFault.Malformed)]
    [InlineData("{}\n", DigestFault.Malformed)]
    [InlineData("{}\nAAAA", DigestFault.Malformed)]
    [InlineData("{}\n AAAA\n", DigestFault.Malformed)]
    [InlineData("{}\nAAAA\r\n", DigestFault.Malformed)]
    [InlineData("{}\nAAA=\u00e9\n", DigestFault.Malformed)]
    [InlineData("{}\nAAB=\n", DigestFault.Malformed)]
    [InlineData("{}\nAAA\n", DigestFault.Malformed)]
    [InlineData("{}\r\nAAAA\n", DigestFault.Malformed)]
    [InlineData("\n{}\nAAAA\n", DigestFault.TrailingBytes)]
    [InlineData("{}\nAAAA\n\n", DigestFault.TrailingBytes)]
    [InlineData("{}\nAAAA\nx", DigestFault.TrailingBytes)]
    public void WhatIsNotTwoSuchLinesIsRefused(string text, DigestFault fault)
    {
        var refused = Assert.Throws<DigestException>(() => SignedObject.Read(Encoding.UTF8.GetBytes(text)));

        Assert.Equal(fault, refused.Fault);
    }

    [Fact]
    public void OneThatIsTooLargeIsNotEvenParsed()
    {
        var refused = Assert.Throws<DigestException>(() => SignedObject.Read(new byte[SignedObject.MostBytes + 1]));

        Assert.Equal("It has 16777217 bytes; at most 16777216 are allowed.", refused.Message);
    }

    [Theory]
    [InlineData("{}\nAAAA\n")]
    [InlineData("{}\n\n")]
    public void WhatIsNoSignatureIsNobodys(string text) =>
        Assert.False(SignedObject.Read(Encoding.UTF8.GetBytes(text)).IsSignedBy(key.Public));

    [Fact]
    public void ASignatureMadeElsewhereIsPutUnderTheSameBytes()
    {
        var content = new JsonObject { ["a"] = 1 };

        var signed = SignedObject.Of(content, key.Sign(SignedObject.ToSign(content)));

        Assert.True(signed.IsSignedBy(key.Public));
    }

    bool IsAccepted(byte[] bytes)
    {
        try
        {
            return SignedObject.Read(bytes).IsSignedBy(key.Public);
        }
        catch (DigestException)
        {
            return false;
        }
    }
}
