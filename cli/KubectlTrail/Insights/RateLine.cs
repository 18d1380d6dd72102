using System.Globalization;
using ClusterTrail.Rules.Insights;

namespace ClusterTrail.Kubectl.Insights;

/// <summary>A rate in one line of blocks, and below it what was usual, on the same scale.</summary>
static class RateLine
{
    const string Blocks = " ▁▂▃▄▅▆▇█";
    const int MostColumns = 60;

    internal static IReadOnlyList<string> Draw(IReadOnlyList<RateMinute> minutes)
    {
        if (minutes.Count == 0)
            return [];
        var step = (minutes.Count + MostColumns - 1) / MostColumns;
        var columns = minutes.Chunk(step).ToList();
        var most = Math.Max(1, minutes.Max(minute => minute.Rate));
        var (from, to) = (Time(minutes[0].Minute.Start), Time(minutes[^1].Minute.End));
        var scale = string.Create(CultureInfo.InvariantCulture, $"a column is {step} min, the highest {most:0.#} a minute");
        return
        [
            $"{from} {Line(columns, column => column.Max(minute => minute.Rate), most)} {to}  {scale}",
            $"usual {Line(columns, column => column.Max(minute => minute.Usual ?? 0), most)}",
        ];
    }

    static string Line(List<RateMinute[]> columns, Func<RateMinute[], float> height, float most) => new(
        [.. columns.Select(column => Block(height(column) / most))]);

    // What is there shows, however little it is.
    static char Block(float share) =>
        share <= 0 ? Blocks[0] : Blocks[Math.Clamp((int)MathF.Ceiling(share * (Blocks.Length - 1)), 1, Blocks.Length - 1)];

    static string Time(DateTimeOffset time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);
}
