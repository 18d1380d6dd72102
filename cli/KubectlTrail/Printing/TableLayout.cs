namespace ClusterTrail.Kubectl.Printing;

/// <summary>How wide each column is, and a line of cells in them.</summary>
/// <param name="Widths">In characters.</param>
sealed record TableLayout(IReadOnlyList<int> Widths)
{
    const string Gap = "  ";

    internal static TableLayout Of(IReadOnlyList<string> headings) => new([.. headings.Select(heading => heading.Length)]);

    /// <summary>The same, no column narrower, and wide enough for these rows.</summary>
    internal TableLayout Including(IReadOnlyList<TableRow> rows) =>
        new([.. Widths.Select((width, column) => rows.Select(row => row.Cells[column].Length).Append(width).Max())]);

    /// <summary>Not wider than the terminal: the widest columns give way until it fits.</summary>
    internal TableLayout Within(int terminalWidth)
    {
        var available = terminalWidth - Gap.Length * (Widths.Count - 1);
        var widths = Widths.Select(width => Math.Min(width, available)).ToArray();
        for (var tooMuch = widths.Sum() - available; tooMuch > 0 && widths.Max() > 1; tooMuch--)
            widths[Array.IndexOf(widths, widths.Max())]--;
        return new(widths);
    }

    /// <summary>The cells padded to their columns, the last one not; longer ones, on a narrow terminal, are cut.</summary>
    internal IEnumerable<string> Arrange(IReadOnlyList<string> cells) => cells.Select((cell, column) =>
    {
        var fitted = cell.Length > Widths[column] ? CutTo(cell, Widths[column]) : cell;
        return column == cells.Count - 1 ? fitted : fitted.PadRight(Widths[column]) + Gap;
    });

    static string CutTo(string cell, int width)
    {
        var kept = Math.Max(width - CellText.Cut.Length, 0);
        if (kept > 0 && char.IsHighSurrogate(cell[kept - 1]))
            kept--;
        return cell[..kept] + CellText.Cut;
    }
}
