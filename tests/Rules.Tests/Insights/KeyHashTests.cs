using System.Text;
using ClusterTrail.Rules.Insights;

namespace ClusterTrail.Rules.Tests.Insights;

/// <summary>Numbers for texts.</summary>
public sealed class KeyHashTests
{
    [Fact]
    public void TextsAndSeedsAllDiffer()
    {
        var hashes = from seed in Enumerable.Range(0, 50)
                     from length in Enumerable.Range(0, 20)
                     from letter in "\0ab"
                     select KeyHash.Of((ulong)seed, Encoding.UTF8.GetBytes(new string(letter, length)));

        // The empty text is one, whatever its letter.
        Assert.Equal(50 * (1 + (19 * 3)), hashes.Distinct().Count());
    }

    [Fact]
    public void EachBitChangesHalfOfTheHash()
    {
        var text = "system:serviceaccount:shop:cart"u8.ToArray();
        var before = KeyHash.Of(1, text);
        var changed = new List<int>();

        for (var bit = 0; bit < text.Length * 8; bit++)
        {
            text[bit / 8] ^= (byte)(1 << (bit % 8));
            changed.Add(ulong.PopCount(KeyHash.Of(1, text) ^ before) is var count ? (int)count : 0);
            text[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.InRange(changed.Average(), 30, 34);
        Assert.InRange(changed.Min(), 12, 32);
    }

    // Computed by the definition, in another language: state files have such numbers.
    [Theory]
    [InlineData("", 0x0CF11771B72056CF)]
    [InlineData("get", 0x21D9B29442883332)]
    [InlineData("secrets", 0x159B095EC3D63E5A)]
    [InlineData("configmaps", 0xC18EE882BAA14EDF)]
    [InlineData("deployments-abc", 0xD6543ABAB4679580)]
    [InlineData("system:serviceaccount:shop:cart", 0xC1BB901E9315C3D8)]
    public void TheHashOfATextStaysTheSame(string text, ulong hash) => Assert.Equal(hash, KeyHash.Of(1, Encoding.UTF8.GetBytes(text)));
}
