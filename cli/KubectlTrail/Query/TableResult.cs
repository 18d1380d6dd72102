using System.Text;
using ClusterTrail.Kubectl.Printing;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Lake.Query;

namespace ClusterTrail.Kubectl.Query;

/// <summary>A table for people: aligned a screen at a time, cut to the terminal's width, whole in a pipe.</summary>
sealed class TableResult(Terminal terminal) : IResultPrinter
{
    const int ScreenRows = 50;
    const int MostCharacters = 1024;
    const string Null = "NULL";

    public long Print(QueryResult result)
    {
        IReadOnlyList<string> headings = [.. result.Columns.Select(column => Printable.Escape(column.Name))];
        var (layout, count) = (TableLayout.Of(headings), 0L);
        foreach (var screen in result.Read().Select(Row).Chunk(ScreenRows))
        {
            layout = layout.Including(screen);
            Write(layout, count == 0 ? [headings, .. screen.Select(row => row.Cells)] : [.. screen.Select(row => row.Cells)]);
            count += screen.Length;
        }

        if (count == 0)
            Write(layout, [headings]);
        return count;
    }

    void Write(TableLayout layout, IEnumerable<IReadOnlyList<string>> rows)
    {
        var fitted = terminal.OutputWidth is { } width ? layout.Within(width) : layout;
        var text = new StringBuilder();
        foreach (var row in rows)
            text.AppendJoin("", fitted.Arrange(row)).Append('\n');
        terminal.Output.Write(Encoding.UTF8.GetBytes(text.ToString()));
        terminal.Output.Flush();
    }

    static TableRow Row(object?[] values) => new([.. values.Select(Cell)], Failed: false);

    static string Cell(object? value)
    {
        var text = ValueText.Of(value) ?? Null;
        if (text.Length <= MostCharacters)
            return Printable.Escape(text);
        var kept = char.IsHighSurrogate(text[MostCharacters - 1]) ? MostCharacters - 1 : MostCharacters;
        return Printable.Escape(text[..kept]) + CellText.Cut;
    }
}
