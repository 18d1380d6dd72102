namespace ClusterTrail.Kubectl.Shared;

/// <summary>A line, and what belongs to it.</summary>
sealed record Branch(string Text, IReadOnlyList<Branch> Branches)
{
    const int Edge = 3;
    const int LeastWidth = 24;

    /// <summary>Where text that does not fit into a line continues: below its last column, if it has several.</summary>
    internal int Hanging { get; init; } = Edge;

    internal static Branch Of(string text, IEnumerable<string> leaves) => new(text, [.. leaves.Select(leaf => new Branch(leaf, []))]);

    internal static Branch OfRows(string text, IEnumerable<string?[]> rows)
    {
        var cells = Columns.Of(rows);
        return new(text, [.. cells.Lines.Select(line => new Branch(line, []) { Hanging = cells.Last })]);
    }

    /// <summary>The tree, safe for a terminal.</summary>
    /// <param name="width">Of the terminal; null: a line is as long as it is.</param>
    internal IEnumerable<string> Lines(int? width = null) =>
        [.. Wrapped(width), .. Branches.SelectMany((branch, at) => branch.Indented(at == Branches.Count - 1, width - Edge))];

    IEnumerable<string> Indented(bool isLast, int? width) =>
        Lines(width).Select((line, at) => (at, isLast) switch
        {
            (0, false) => "├─ ",
            (0, true) => "└─ ",
            (_, false) => "│  ",
            (_, true) => "   ",
        } + line);

    // At spaces only, so that what is longer, such as an address, can be copied whole.
    IEnumerable<string> Wrapped(int? width)
    {
        var text = Printable.Escape(Text);
        var most = Math.Max(width ?? int.MaxValue, LeastWidth);
        var indent = Branches.Count > 0 ? "│  " : new string(' ', Hanging + LeastWidth <= most ? Hanging : Edge);
        while (text.Length > most && BreakOf(text, most, indent.Length) is { } at)
        {
            yield return text[..at].TrimEnd();
            text = indent + text[(at + 1)..].TrimStart();
        }

        yield return text;
    }

    static int? BreakOf(string text, int most, int indent) =>
        text.LastIndexOf(' ', most) is var before && before > indent ? before
        : text.IndexOf(' ', most) is var after and > 0 ? after : null;
}
