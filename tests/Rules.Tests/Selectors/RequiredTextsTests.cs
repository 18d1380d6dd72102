using System.Text;
using System.Text.RegularExpressions;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Selectors;

namespace ClusterTrail.Rules.Tests.Selectors;

public sealed class RequiredTextsTests
{
    static readonly string[] Pieces =
        [.. "ab.*+?|()[]^$\\-={}\u00e9k1".Select(letter => letter.ToString()), "(?:", "(ab|", "abk", "k=a", "{1,2}", "\\b", "\\d", "(?i)"];

    [Theory]
    [InlineData("dryRun=All", "dryRun=All")]
    [InlineData("^[^?]*[?](.*&)?dryRun=All(&|$)", "dryRun=All")]
    [InlineData("^[^?%]*[?]([A-Za-z]+=[^&;]*&)*resourceVersion=[1-9][0-9]*(&[A-Za-z]+=[^&;]*)*$", "resourceVersion=")]
    [InlineData("^--authorization-mode=(.*,)?AlwaysAllow(,.*)?$", "--authorization-mode=")]
    [InlineData("/ld\\.so", "/ld.so")]
    [InlineData("ab?cde", "cde")]
    [InlineData("ab+", "ab")]
    [InlineData("ab+cde", "cde")]
    [InlineData("(?:abc|d)ef", "ef")]
    [InlineData("[]a]bc", "bc")]
    [InlineData("[^]a]bc", "bc")]
    [InlineData("abc{0,2}", "ab")]
    [InlineData("\\dabc", "abc")]
    [InlineData("ab|cd", "ab|cd")]
    [InlineData("(?i)abc", "abc")]
    [InlineData("(?i)(kube-?hunter|nmap)", "hunter|nmap")]
    [InlineData("(?i)\\b(api_?key|passw(or)?d)[\"']?[ \\t]*[:=]", "api|passw")]
    [InlineData("(?i)^(CAP_)?(ALL|BPF)$", "ALL|BPF")]
    public void TheyAreWhatNoMatchCanDoWithout(string pattern, string expected) =>
        Assert.Equal(expected, RequiredTexts.Of(pattern)?.ToString());

    [Theory]
    [InlineData("a|b")]
    [InlineData("abc|d*")]
    [InlineData("ab*")]
    [InlineData("(abc)?")]
    [InlineData("a(?i)bc")]
    [InlineData("(?x)abc")]
    [InlineData("\\x61bc")]
    [InlineData("[a-z-[b]]cd")]
    [InlineData("caf\u00e9")]
    public void ThereAreNone(string pattern) => Assert.Null(RequiredTexts.Of(pattern));

    [Fact]
    public void GroupsInGroupsDoNotUseUpTheStack() =>
        Assert.Null(RequiredTexts.Of(new string('(', 100_000) + "abc" + new string(')', 100_000)));

    [Theory]
    [InlineData("(?i)kubectl", "KUBECTL/1.33", true)]
    [InlineData("(?i)kubectl", "\u212aubectl", true)]
    [InlineData("(?i)kubectl", "kubect", false)]
    [InlineData("(?i)kubectl", "", false)]
    [InlineData("ab|cd", "AB", false)]
    [InlineData("ab|cd", "xcd", true)]
    public void AValueHasThemOrNot(string pattern, string value, bool expected) =>
        Assert.Equal(expected, RequiredTexts.Of(pattern)!.IsAnyIn(Encoding.UTF8.GetBytes(value)));

    [Theory]
    [InlineData("")]
    [InlineData("(?i)")]
    public void WhateverThePatternEveryMatchHasOne(string options)
    {
        var random = new Random(20261126);
        var (matches, spared) = (0, 0);
        for (var round = 0; round < 20_000; round++)
        {
            var pattern = options + string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            if (TryMake(pattern) is not { } regex || RequiredTexts.Of(pattern) is not { } required)
            {
                continue;
            }

            for (var value = 0; value < 20; value++)
            {
                var text = string.Concat(Enumerable.Range(0, random.Next(1, 25)).Select(_ => "abkab=kAK\u212a1"[random.Next(11)]));
                var (isMatch, hasOne) = (regex.IsMatch(text), required.IsAnyIn(Encoding.UTF8.GetBytes(text)));
                matches += isMatch ? 1 : 0;
                spared += hasOne ? 0 : 1;
                Assert.False(isMatch && !hasOne, $"{pattern} {text}");
            }
        }

        Assert.True(matches > 500 && spared > 500, $"{matches} matches, {spared} spared");
    }

    static Regex? TryMake(string pattern)
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
}
