using System.Text;
using ClusterTrail.Kubectl.Shared;

namespace ClusterTrail.Kubectl.Printing;

/// <summary>A table for people: aligned, cut to the terminal's width, whole and without colour in a pipe.</summary>
/// <remarks>
/// Rows are held back to align them, a screen of them at most, and until their object ends. The first screen settles the columns, which
/// later only widen. Guarantees: what is held does not depend on how many rows there are.
/// </remarks>
sealed class TablePrinter(Terminal terminal, bool isWide = false) : IRecordPrinter
{
    const string Red = "\e[31m";
    const string Plain = "\e[0m";
    const int ScreenRows = 50;

    readonly RecordReader reader = new(isWide);
    readonly List<TableRow> rows = [];
    TableLayout? layout;
    bool headed;

    public bool TryPrint(ReadOnlyMemory<byte> record)
    {
        if (reader.TryRead(record.Span) is not { } row)
            return false;
        rows.Add(row);
        if (rows.Count == ScreenRows)
            Flush();
        return true;
    }

    public void Flush()
    {
        if (rows.Count == 0)
            return;
        layout = (layout ?? TableLayout.Of(reader.Headings)).Including(rows);
        var fitted = terminal.OutputWidth is { } width ? layout.Within(width) : layout;

        var text = new StringBuilder();
        if (!headed)
            text.AppendJoin("", fitted.Arrange(reader.Headings)).Append('\n');
        foreach (var row in rows)
            AppendRow(text, row, fitted);
        terminal.Output.Write(Encoding.UTF8.GetBytes(text.ToString()));
        terminal.Output.Flush();

        headed = true;
        rows.Clear();
    }

    void AppendRow(StringBuilder text, TableRow row, TableLayout fitted)
    {
        var cells = fitted.Arrange(row.Cells).ToArray();
        if (terminal.Colour && row.Failed)
            cells[^1] = Red + cells[^1] + Plain;
        text.AppendJoin("", cells).Append('\n');
    }
}
