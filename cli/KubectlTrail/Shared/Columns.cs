namespace ClusterTrail.Kubectl.Shared;

/// <summary>Rows whose cells stand below each other.</summary>
/// <param name="Last">Where the last column begins.</param>
sealed record Columns(IReadOnlyList<string> Lines, int Last)
{
    const string Gap = "  ";

    /// <param name="rows">As many cells each.</param>
    internal static Columns Of(IEnumerable<string?[]> rows)
    {
        var cells = rows.Select(row => row.Select(cell => Printable.Escape(cell ?? "")).ToList()).ToList();
        var widths = cells.Count == 0 ? [] : cells[0].Select((_, column) => cells.Max(row => row[column].Length)).ToList();
        var lines = cells.Select(row => string.Join(Gap, row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        return new([.. lines], widths.SkipLast(1).Sum(width => width + Gap.Length));
    }

    internal static IReadOnlyList<string> Align(IEnumerable<string?[]> rows) => Of(rows).Lines;
}
