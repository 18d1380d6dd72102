using System.Text;
using ClusterTrail.Kubectl.Shared;

namespace ClusterTrail.Kubectl.Printing;

/// <summary>Comma-separated values (RFC 4180).</summary>
/// <remarks>
/// Guarantee: no spreadsheet takes a value for a formula. Users and clients choose many of them, so an apostrophe stands before one that
/// begins like a formula. Numbers stay numbers.
/// </remarks>
static class CsvText
{
    // In full width too: some spreadsheets take them for the narrow ones.
    const string BeginningsOfFormulas = "=+-@\t\r\uff1d\uff0b\uff0d\uff20";

    /// <summary>A line of values; null is empty.</summary>
    internal static byte[] Line(IEnumerable<string?> cells) => Heading(cells.Select(cell => Harmless(cell ?? "")));

    /// <summary>A line of values of a result; null is empty.</summary>
    internal static byte[] Values(IEnumerable<object?> values) => Heading(
        values.Select(value => ValueText.IsNumber(value) ? ValueText.Of(value)! : Harmless(ValueText.Of(value) ?? "")));

    /// <summary>A line of texts that are not from an archive.</summary>
    internal static byte[] Heading(IEnumerable<string> cells) => Encoding.UTF8.GetBytes(string.Join(',', cells.Select(Quoted)) + "\r\n");

    static string Harmless(string cell)
    {
        var escaped = Printable.Escape(cell);
        return escaped.Length > 0 && BeginningsOfFormulas.Contains(escaped[0]) ? $"'{escaped}" : escaped;
    }

    static string Quoted(string cell) =>
        cell.AsSpan().ContainsAny(",\"\r\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
