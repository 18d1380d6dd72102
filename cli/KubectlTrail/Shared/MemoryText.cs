using System.Globalization;
using ClusterTrail.History.Reading;

namespace ClusterTrail.Kubectl.Shared;

/// <summary>An amount of memory as people write it: <c>512MiB</c>, <c>4GiB</c>.</summary>
static class MemoryText
{
    const long LeastBytes = 64 << 20;
    const int MebibyteBits = 20;

    /// <exception cref="TrailException">It is none, or too little to work with.</exception>
    internal static long Parse(string text)
    {
        var bits = text.EndsWith("MiB", StringComparison.Ordinal) ? MebibyteBits
            : text.EndsWith("GiB", StringComparison.Ordinal) ? MebibyteBits + 10
            : 0;
        if (bits == 0 || !int.TryParse(text.AsSpan(..^3), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || (long)count << bits < LeastBytes)
        {
            throw new TrailException(
                ExitCode.BadUsage, $"--memory {text} is no amount of memory; give at least 64MiB, such as 512MiB or 4GiB.");
        }

        return (long)count << bits;
    }
}
