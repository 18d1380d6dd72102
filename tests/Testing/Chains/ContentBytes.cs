using ClusterTrail.Archive;

namespace ClusterTrail.Testing.Chains;

/// <summary>The smallest content that an object of each ending can have.</summary>
public static class ContentBytes
{
    /// <summary>One frame with one raw block, or one DER value, around bytes of no meaning.</summary>
    public static byte[] Of(Codec codec, bool isEncrypted, byte[] inside)
    {
        if (isEncrypted)
            return [0x30, 0x82, (byte)(inside.Length >> 8), (byte)inside.Length, .. inside];
        if (codec == Codec.Gzip)
            return [0x1f, 0x8b, .. inside];
        var header = (inside.Length << 3) | 1;
        return [0x28, 0xb5, 0x2f, 0xfd, 0, 0, (byte)header, (byte)(header >> 8), (byte)(header >> 16), .. inside];
    }
}
