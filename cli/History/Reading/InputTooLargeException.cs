using System.Globalization;

namespace ClusterTrail.History.Reading;

/// <summary>There is more than is read.</summary>
/// <param name="mostBytes">The limit.</param>
sealed class InputTooLargeException(long mostBytes) : IOException($"it is larger than {Size(mostBytes)}")
{
    /// <summary>A limit as people read it.</summary>
    internal static string Size(long bytes) => bytes switch
    {
        >= 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes >> 30} GiB"),
        >= 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes >> 10} KiB"),
    };
}
