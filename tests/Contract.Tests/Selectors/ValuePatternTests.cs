using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Contract.Tests.Selectors;

public sealed class ValuePatternTests
{
    [Fact]
    public void ThePatternsThatAreInUseAreMadeOnce()
    {
        var first = ValuePattern.Of("^a+$");
        for (var other = 0; other < 1100; other++)
            ValuePattern.Of($"^b{other}$");

        Assert.Same(first, ValuePattern.Of("^a+$"));
        Assert.Matches(first, "aaa");
        Assert.DoesNotMatch(first, "aab");
    }

    [Theory]
    [InlineData("(")]
    [InlineData("(?=a)b")]
    [InlineData("(a)\\1")]
    public void WhatNeedsBacktrackingOrIsNoneIsRefusedEachTime(string pattern)
    {
        Assert.NotNull(Record.Exception(() => ValuePattern.Check(pattern)));
        Assert.NotNull(Record.Exception(() => ValuePattern.Of(pattern)));
        Assert.NotNull(Record.Exception(() => ValuePattern.Of(pattern)));
    }
}
