using System.Globalization;

namespace ClusterTrail.History.Reading;

/// <summary>Lines of an object that are not printed, for one reason.</summary>
sealed class SkippedLines
{
    long first;

    internal long Count { get; private set; }

    internal void Add(long line)
    {
        if (Count++ == 0)
            first = line;
    }

    /// <summary>As in "line 2 and 1 more are not JSON and skipped".</summary>
    internal string Say(string what) => string.Create(
        CultureInfo.InvariantCulture, $"line {first}{(Count == 1 ? " is" : $" and {Count - 1} more are")} {what} and skipped");
}
