using System.Text;

namespace ClusterTrail.WebConsole.Queries;

/// <summary>A text of a record as pages show it: of a long one the beginning.</summary>
/// <param name="Text">At most <see cref="Most"/> characters.</param>
/// <param name="IsCut">Whether there is more: then nothing can be asked for by it.</param>
readonly record struct ShownText(string? Text, bool IsCut)
{
    internal const int Most = 512;

    /// <summary>The column in SQL, so that no more of it is read into this process.</summary>
    internal static string Sql(string column) => $"left({column}, {Most + 1}) AS {column}";

    internal static ShownText Of(string? text)
    {
        if (text is null || text.Length <= Most)
            return new(text, false);
        var kept = new StringBuilder();
        var count = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (count++ == Most)
                return new(kept.ToString(), true);
            kept.Append(rune);
        }

        return new(text, false);
    }

    /// <summary>The text if it is whole.</summary>
    internal string? Whole => IsCut ? null : Text;

    public override string ToString() => IsCut ? $"{Text}…" : Text ?? "";
}
