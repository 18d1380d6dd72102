using ClusterTrail.Kubectl.Printing;
using ClusterTrail.Kubectl.Shared;

namespace ClusterTrail.Kubectl.Lookup;

/// <summary>How found records are printed.</summary>
static class LookupPrinter
{
    internal const string Table = "table";
    const int OutputBufferBytes = 64 << 10;

    internal static IReadOnlyList<string> Formats { get; } = [Table, "wide", "json", "yaml", "csv"];

    internal static IRecordPrinter Of(string format, Terminal terminal) => format switch
    {
        Table => new TablePrinter(terminal),
        "wide" => new TablePrinter(terminal, isWide: true),
        "yaml" => new YamlPrinter(Buffered(terminal.Output)),
        "csv" => new CsvPrinter(Buffered(terminal.Output)),
        _ => new JsonPrinter(Buffered(terminal.JsonOutput)),
    };

    static BufferedStream Buffered(Stream output) => new(output, OutputBufferBytes);
}
