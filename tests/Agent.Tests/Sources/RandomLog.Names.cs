using System.Globalization;

namespace ClusterTrail.Agent.Tests.Sources;

/// <summary>What files are called that are rotated, or copied.</summary>
sealed partial class RandomLog
{
    string CopyName() => string.Create(CultureInfo.InvariantCulture, $"{Live}{CopyMark}{++copies}");

    string DatedName()
    {
        time.Advance(TimeSpan.FromMilliseconds(1));
        return string.Create(CultureInfo.InvariantCulture, $"{Live}-{time.GetUtcNow():yyyyMMdd-HHmmss.fff}");
    }

    // As lumberjack names it, or as logrotate does: audit.log.1, with all older ones moved up by one.
    string RotatedName()
    {
        time.Advance(TimeSpan.FromMilliseconds(1));
        if (!isNumbered)
        {
            return string.Create(CultureInfo.InvariantCulture, $"audit-{time.GetUtcNow():yyyy-MM-ddTHH-mm-ss.fff}.log");
        }

        for (var number = 100; number > 0; number--)
        {
            foreach (var suffix in new[] { "", ".gz" }.Where(suffix => Files.Exists($"{Live}.{number}{suffix}")))
            {
                Files.Rename($"{Live}.{number}{suffix}", $"{Live}.{number + 1}{suffix}");
            }
        }

        return $"{Live}.1";
    }

    IEnumerable<string> Rotated() => Files.Rotated.Where(name => !name.EndsWith(".gz", StringComparison.Ordinal));
}
