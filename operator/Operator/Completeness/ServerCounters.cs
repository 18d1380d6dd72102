using System.Globalization;
using System.Text;

namespace ClusterTrail.Operator.Completeness;

/// <summary>What an API server has counted since it started.</summary>
/// <param name="StartedAt">When it started, in seconds since 1970: another time is another count.</param>
/// <param name="Events">How many events it gave to its backends.</param>
/// <param name="NotLogged">How many of them could not be written to its log.</param>
/// <param name="NotSent">How many of them its other backends dropped.</param>
/// <param name="Rejected">How many requests it refused, as no event could be written.</param>
sealed record ServerCounters(double StartedAt, long Events, long NotLogged, long NotSent, long Rejected)
{
    const string Started = "process_start_time_seconds";
    const string Made = "apiserver_audit_event_total";
    const string Failed = "apiserver_audit_error_total";
    const string Refused = "apiserver_audit_requests_rejected_total";

    // A page has some megabytes. Lines that matter are short.
    const long MostChars = 256 << 20;
    const int LongestLine = 4096;
    const int BlockChars = 16 << 10;

    /// <summary>The counters on an API server's page of metrics.</summary>
    /// <exception cref="InvalidDataException">It has none of them, or is no such page.</exception>
    public static async Task<ServerCounters> ReadAsync(Stream page, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(page);
        var counters = new ServerCounters(0, -1, 0, 0, 0);
        var (block, line, all) = (new char[BlockChars], new StringBuilder(), 0L);
        for (var read = await reader.ReadAsync(block, cancellationToken); read > 0; read = await reader.ReadAsync(block, cancellationToken))
        {
            if ((all += read) > MostChars)
                throw new InvalidDataException("its metrics do not end");
            foreach (var next in block.Take(read))
            {
                if (next == '\n')
                {
                    counters = counters.With(line.ToString());
                    line.Clear();
                }
                else if (line.Length < LongestLine)
                {
                    line.Append(next);
                }
            }
        }

        counters = counters.With(line.ToString());
        return counters is { Events: >= 0, StartedAt: > 0 } ? counters
            : throw new InvalidDataException($"its metrics have no {Made}: no audit log is configured");
    }

    ServerCounters With(string line) =>
        ValueOf(line, Started) is { } started ? this with { StartedAt = started }
            : ValueOf(line, Made) is { } made ? this with { Events = (long)made }
            : ValueOf(line, Refused) is { } refused ? this with { Rejected = (long)refused }
            : ValueOf(line, Failed) is not { } failed ? this
            : line.Contains("plugin=\"log\"", StringComparison.Ordinal) ? this with { NotLogged = NotLogged + (long)failed }
            : this with { NotSent = NotSent + (long)failed };

    static double? ValueOf(string line, string name)
    {
        if (!line.StartsWith(name, StringComparison.Ordinal) || line.Length == name.Length || line[name.Length] is not (' ' or '{'))
            return null;
        // A timestamp may follow.
        var rest = line[name.Length] == ' ' ? line[name.Length..] : line[(line.LastIndexOf('}') + 1)..];
        var value = rest.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and < 1L << 53
            ? number : null;
    }
}
