using System.Text.RegularExpressions;

namespace ClusterTrail.Fixtures;

/// <summary>A page of metrics in an order of its own, so that two pages can be compared line by line.</summary>
public static partial class MetricsPage
{
    /// <summary>Families by name, and the samples of each by their text. Neither order is a promise to anybody.</summary>
    public static string Sorted(string page)
    {
        var families = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        List<string> current = [];
        foreach (var line in page.TrimEnd('\n').Split('\n').Where(line => line != "# EOF"))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
                families.Add(line.Split(' ')[2], current = []);
            current.Add(line);
        }
        // OrderBy keeps HELP before TYPE.
        var lines = families.Values.SelectMany(family => family.OrderBy(line => IsHead(line) ? "" : line, StringComparer.Ordinal));
        return string.Concat(lines.Select(line => line + "\n"));
    }

    /// <summary>The same page with an asterisk for each value.</summary>
    public static string WithoutValues(string page) => Value.Replace(page, " *");

    static bool IsHead(string line) => line.StartsWith('#');

    [GeneratedRegex("(?<=^[^#].*) [^ ]+$", RegexOptions.Multiline)]
    static partial Regex Value { get; }
}
