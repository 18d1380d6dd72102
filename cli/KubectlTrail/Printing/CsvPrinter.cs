using System.Text;
using ClusterTrail.Kubectl.Shared;

namespace ClusterTrail.Kubectl.Printing;

/// <summary>Comma-separated values (RFC 4180), for spreadsheets.</summary>
/// <remarks>
/// Guarantee: no spreadsheet takes a value for a formula. Users and clients choose many of them, so an apostrophe stands before one that
/// begins like a formula.
/// </remarks>
sealed class CsvPrinter(Stream output) : IRecordPrinter
{
    const string BeginningsOfFormulas = "=+-@\t\r";

    readonly FlatRecord record = new();
    bool headed;

    public bool TryPrint(ReadOnlyMemory<byte> record)
    {
        if (!this.record.TryRead(record.Span))
            return false;
        if (!headed)
            Write(FlatRecord.Columns);
        headed = true;
        Write(this.record.Cells.Select(cell => Harmless(cell ?? "")));
        return true;
    }

    public void Flush() => output.Flush();

    void Write(IEnumerable<string> cells) => output.Write(Encoding.UTF8.GetBytes(string.Join(',', cells.Select(Quoted)) + "\r\n"));

    static string Harmless(string cell)
    {
        var escaped = Printable.Escape(cell);
        return escaped.Length > 0 && BeginningsOfFormulas.Contains(escaped[0]) ? $"'{escaped}" : escaped;
    }

    static string Quoted(string cell) =>
        cell.AsSpan().ContainsAny(",\"\r\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
