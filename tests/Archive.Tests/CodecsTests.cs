using System.IO.Compression;
using System.Text;
using ZstdSharp;

namespace ClusterTrail.Archive.Tests;

public sealed class CodecsTests
{
    const string Lines = "{\"a\":1}\n{\"b\":2}\n";

    [Theory]
    [InlineData(Codec.Zstd)]
    [InlineData(Codec.Gzip)]
    public void ACodecIsKnownByItsFirstBytes(Codec codec)
    {
        Assert.Equal(codec, Codecs.Of(Compress(codec, Lines)));
        Assert.Equal(codec, Codecs.Of(Compress(codec, "")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"a\":1}")]
    [InlineData("(\u00b5")]
    public void WhatIsNotCompressedHasNoCodec(string text) => Assert.Null(Codecs.Of(Encoding.Latin1.GetBytes(text)));

    [Theory]
    [InlineData(Codec.Zstd)]
    [InlineData(Codec.Gzip)]
    public void SeveralFramesOrMembersAreOneText(Codec codec)
    {
        byte[] body = [.. Compress(codec, "a\n"), .. Compress(codec, ""), .. Compress(codec, "b\n")];

        Assert.Equal("a\nb\n", TextOf(codec, body));
    }

    [Fact]
    public void AFrameThatIsCutOffIsDamagedWhereverItIsCut()
    {
        byte[] whole = [.. Compress(Codec.Zstd, Lines), .. Compress(Codec.Zstd, Lines)];

        for (var length = 1; length < whole.Length; length++)
        {
            if (length != whole.Length / 2)
                Assert.Throws<InvalidDataException>(() => TextOf(Codec.Zstd, whole[..length]));
        }
    }

    [Fact]
    public void NoDamageToAFrameGoesUnnoticed()
    {
        var whole = Compress(Codec.Zstd, Lines);

        for (var at = 0; at < whole.Length * 8; at++)
        {
            var damaged = whole.ToArray();
            damaged[at / 8] ^= (byte)(1 << at % 8);
            // A window that is larger, and bits that mean nothing, change no byte of the text.
            if (Record.Exception(() => Assert.Equal(Lines, TextOf(Codec.Zstd, damaged))) is { } found)
                Assert.IsType<InvalidDataException>(found);
        }
    }

    [Fact]
    public void WhatFollowsAFrameIsDamage() =>
        Assert.Throws<InvalidDataException>(() => TextOf(Codec.Zstd, [.. Compress(Codec.Zstd, Lines), 1, 2, 3, 4]));

    static string TextOf(Codec codec, byte[] body)
    {
        using var reader = new StreamReader(codec.Decompress(new MemoryStream(body)));
        return reader.ReadToEnd();
    }

    static byte[] Compress(Codec codec, string text)
    {
        using var body = new MemoryStream();
        using (Stream stream = codec == Codec.Zstd ? Frame(body) : new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            // The class library writes no member at all for nothing.
            if (codec == Codec.Gzip && text.Length == 0)
                return [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        }

        return body.ToArray();
    }

    static CompressionStream Frame(MemoryStream body)
    {
        var frame = new CompressionStream(body, leaveOpen: true);
        frame.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        return frame;
    }
}
