using System.Text;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Selectors;

namespace ClusterTrail.Rules.Tests.Selectors;

public sealed class RequiredTextTests
{
    const string Alphabet = "ab.*+?|()[]^$\\-={}\u00e9";

    [Theory]
    [InlineData("dryRun=All", "dryRun=All")]
    [InlineData("^[^?]*[?](.*&)?dryRun=All(&|$)", "dryRun=All")]
    [InlineData("^[^?%]*[?]([A-Za-z]+=[^&;]*&)*resourceVersion=[1-9][0-9]*(&[A-Za-z]+=[^&;]*)*$", "resourceVersion=")]
    [InlineData("^--authorization-mode=(.*,)?AlwaysAllow(,.*)?$", "--authorization-mode=")]
    [InlineData("/ld\\.so", "/ld.so")]
    [InlineData("ab*", "a")]
    [InlineData("ab?cde", "cde")]
    [InlineData("ab+", "ab")]
    [InlineData("(?:abc|d)e", "e")]
    [InlineData("[]a]bc", "bc")]
    [InlineData("[^]a]bc", "bc")]
    [InlineData("a|b", "")]
    [InlineData("(?i)abc", "")]
    [InlineData("a(?i)bc", "")]
    [InlineData("ab{0,2}", "")]
    [InlineData("\\dabc", "")]
    [InlineData("[a-z-[b]]cd", "")]
    [InlineData("caf\u00e9", "")]
    public void ItIsTheLongestTextThatNoMatchCanDoWithout(string pattern, string expected) =>
        Assert.Equal(expected, Encoding.ASCII.GetString(RequiredText.Of(pattern)));

    [Fact]
    public void WhateverThePatternEveryMatchHasIt()
    {
        var random = new Random(20261126);
        var matches = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var pattern = Text(random, Alphabet, 10);
            if (TryMake(pattern) is not { } regex || RequiredText.Of(pattern) is not { Length: > 0 } required)
            {
                continue;
            }

            for (var value = 0; value < 20; value++)
            {
                var text = Text(random, "ab.=-", 8);
                matches += regex.IsMatch(text) ? 1 : 0;
                Assert.False(regex.IsMatch(text) && !text.Contains(Encoding.ASCII.GetString(required), StringComparison.Ordinal), $"{pattern} {text}");
            }
        }

        Assert.True(matches > 1000, $"{matches} matches");
    }

    static System.Text.RegularExpressions.Regex? TryMake(string pattern)
    {
        try
        {
            return ValuePattern.Of(pattern);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    static string Text(Random random, string alphabet, int longest) =>
        string.Concat(Enumerable.Range(0, random.Next(1, longest + 1)).Select(_ => alphabet[random.Next(alphabet.Length)]));
}
