using ClusterTrail.WebConsole.Html;

namespace ClusterTrail.WebConsole.Queries;

/// <summary>A place in the order of records: by time, then id; records without a time are the oldest.</summary>
sealed record Cursor(DateTime? Time, string Id)
{
    /// <summary>The id in the order: of one that is longer than agents write ids, so much that it fits into an address.</summary>
    internal const string Place = "left(coalesce(id, ''), 300)";

    const char Mark = '~';

    /// <summary>In which order the records after this come first.</summary>
    internal const string NewestFirst = $"time DESC NULLS LAST, {Place} DESC", OldestFirst = $"time ASC NULLS FIRST, {Place} ASC";

    /// <exception cref="QuestionException">It is none.</exception>
    internal static Cursor Parse(string text)
    {
        var mark = text.IndexOf(Mark, StringComparison.Ordinal);
        var time = mark > 0 ? TimeFormat.Parse(text[..mark]) : null;
        return mark < 0 || (mark > 0 && time is null)
            ? throw new QuestionException($"{text} is not a place in the list; begin at its newest record.")
            : new(time, text[(mark + 1)..]);
    }

    internal void AddOlder(Conditions conditions)
    {
        if (Time is { } time)
            conditions.Add($"time < {{0}} OR (time = {{0}} AND {Place} < {{1}}) OR time IS NULL", time, Id);
        else
            conditions.Add($"time IS NULL AND {Place} < {{0}}", Id);
    }

    internal void AddNewer(Conditions conditions)
    {
        if (Time is { } time)
            conditions.Add($"time > {{0}} OR (time = {{0}} AND {Place} > {{1}})", time, Id);
        else
            conditions.Add($"time IS NOT NULL OR {Place} > {{0}}", Id);
    }

    internal void AddSame(Conditions conditions)
    {
        if (Time is { } time)
            conditions.Add($"time = {{0}} AND {Place} = {{1}}", time, Id);
        else
            conditions.Add($"time IS NULL AND {Place} = {{0}}", Id);
    }

    public override string ToString() => $"{(Time is { } time ? TimeFormat.Exact(time) : "")}{Mark}{Id}";
}
