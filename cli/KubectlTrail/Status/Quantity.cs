using System.Globalization;

namespace ClusterTrail.Kubectl.Status;

/// <summary>Numbers for people.</summary>
static class Quantity
{
    internal const string Unknown = "-";

    static readonly string[] Units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    internal static string Count(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? Unknown;

    internal static string Counted(long number, string one) => $"{Count(number)} {one}{(number == 1 ? "" : "s")}";

    internal static string Bytes(long number)
    {
        if (number < 1024)
            return $"{number} B";
        var (scaled, unit) = (number / 1024.0, 0);
        for (; scaled >= 1024; unit++)
            scaled /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{scaled:0.0} {Units[unit]}");
    }

    /// <summary>How long ago, as kubectl says it. Clocks differ, so what is a little ahead is now.</summary>
    internal static string Age(DateTimeOffset? time, DateTimeOffset now) => (now - time) switch
    {
        null => Unknown,
        { TotalSeconds: < 120 } age => $"{Math.Max(0, (long)age.TotalSeconds)}s",
        { TotalMinutes: < 120 } age => $"{(long)age.TotalMinutes}m",
        { TotalHours: < 48 } age => $"{(long)age.TotalHours}h",
        { } age => $"{(long)age.TotalDays}d",
    };
}
