namespace ClusterTrail.Kubectl.Status;

/// <summary>Rows whose cells stand below each other.</summary>
static class Columns
{
    const string Gap = "  ";

    /// <param name="rows">As many cells each.</param>
    internal static IReadOnlyList<string> Align(IEnumerable<string?[]> rows)
    {
        var cells = rows.Select(row => row.Select(cell => Printable.Escape(cell ?? "")).ToList()).ToList();
        var widths = cells.Count == 0 ? [] : cells[0].Select((_, column) => cells.Max(row => row[column].Length)).ToList();
        return [.. cells.Select(row => string.Join(Gap, row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd())];
    }
}
