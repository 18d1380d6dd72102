using System.Globalization;

namespace ClusterTrail.Operator.Completeness;

/// <summary>What an API server has counted since it started.</summary>
/// <param name="StartedAt">When it started, in seconds since 1970: another time is another count.</param>
/// <param name="Events">How many events it gave to its backends.</param>
/// <param name="NotLogged">How many of them could not be written to its log.</param>
/// <param name="NotSent">How many of them its other backends dropped.</param>
sealed record ServerCounters(double StartedAt, long Events, long NotLogged, long NotSent)
{
    const string Started = "process_start_time_seconds";
    const string Made = "apiserver_audit_event_total";
    const string Failed = "apiserver_audit_error_total";

    // A page has some megabytes, of a large cluster some ten. Lines that matter are short.
    const long MostChars = 64 << 20;
    const int LongestLine = 4096;
    const int BlockChars = 16 << 10;

    // What a metric can count exactly; also the most of a sum of several lines.
    const long MostEvents = 1L << 53;

    /// <summary>The counters on an API server's page of metrics.</summary>
    /// <exception cref="InvalidDataException">It has none of them, or is no such page.</exception>
    public static async Task<ServerCounters> ReadAsync(Stream page, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(page);
        var counters = new ServerCounters(0, -1, 0, 0);
        // A line's beginning is left in front of what is read next.
        var (text, kept, all) = (new char[LongestLine + BlockChars], 0, 0L);
        for (var isLast = false; !isLast;)
        {
            var read = await reader.ReadAsync(text.AsMemory(kept, BlockChars), cancellationToken);
            if ((all += read) > MostChars)
                throw new InvalidDataException($"its metrics have more than {MostChars >> 20} MiB");
            isLast = read == 0;
            counters = counters.WithLines(text.AsSpan(0, kept + read), isLast, out var rest);
            // Of a line that is too long its beginning stays: it says whether it matters.
            kept = Math.Min(rest.Length, LongestLine);
            rest[..kept].CopyTo(text);
        }

        return counters.Events < 0 ? throw new InvalidDataException($"its metrics have no {Made}: no audit log is configured")
            : counters.StartedAt <= 0 ? throw new InvalidDataException($"its metrics have no {Started}")
            : counters;
    }

    ServerCounters WithLines(ReadOnlySpan<char> text, bool isLast, out ReadOnlySpan<char> rest)
    {
        var counters = this;
        for (var end = text.IndexOf('\n'); end >= 0; end = text.IndexOf('\n'))
        {
            counters = counters.With(text[..end]);
            text = text[(end + 1)..];
        }

        rest = text;
        return isLast ? counters.With(text) : counters;
    }

    ServerCounters With(ReadOnlySpan<char> line) =>
        ValueOf(line, Started) is { } started ? this with { StartedAt = started }
            : ValueOf(line, Made) is { } made ? this with { Events = (long)made }
            : ValueOf(line, Failed) is not { } failed ? this
            : line.Contains("plugin=\"log\"", StringComparison.Ordinal) ? this with { NotLogged = Sum(NotLogged, failed) }
            : this with { NotSent = Sum(NotSent, failed) };

    static long Sum(long known, double more) => Math.Min(MostEvents, known + (long)more);

    static double? ValueOf(ReadOnlySpan<char> line, string name)
    {
        if (!line.StartsWith(name, StringComparison.Ordinal) || line.Length == name.Length || line[name.Length] is not (' ' or '{'))
            return null;
        // A timestamp may follow.
        var rest = (line[name.Length] == ' ' ? line[name.Length..] : line[(line.LastIndexOf('}') + 1)..]).Trim();
        var value = rest.IndexOf(' ') is >= 0 and var end ? rest[..end] : rest;
        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and < MostEvents
            ? number : null;
    }
}
