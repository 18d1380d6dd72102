using System.Text;
using System.Text.RegularExpressions;
using ClusterTrail.History.Search;

namespace ClusterTrail.History.Tests.Search;

public sealed class TextPatternTests
{
    [Fact]
    public void AStarStandsForAnyTextAndNothingElseDoes()
    {
        var random = new Random(7);
        var fits = 0;
        for (var round = 0; round < 50_000; round++)
        {
            var (pattern, value) = (Text(random, "ab.*", 7), Text(random, "ab.*", 10));
            var expected = Regex.IsMatch(value, $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)}\\z");
            fits += expected ? 1 : 0;

            var actual = new TextPattern(pattern);

            Assert.True(expected == actual.Fits(Encoding.UTF8.GetBytes(value)), $"{pattern} {value}");
            Assert.True(!expected || value.Contains(Encoding.UTF8.GetString(actual.Needed), StringComparison.Ordinal), $"{pattern} {value}");
        }

        Assert.InRange(fits, 1000, 40_000);
    }

    [Fact]
    public void ManyStarsTakeNoLongTime()
    {
        var pattern = new TextPattern(string.Concat(Enumerable.Repeat("*a", 500)) + "b");

        Assert.False(pattern.Fits(Encoding.UTF8.GetBytes(new string('a', 20_000))));
    }

    static string Text(Random random, string alphabet, int longest) =>
        string.Concat(Enumerable.Range(0, random.Next(longest + 1)).Select(_ => alphabet[random.Next(alphabet.Length)]));
}
