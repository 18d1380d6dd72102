using ClusterTrail.Agent.Execs;

namespace ClusterTrail.Agent.Tests.Execs;

public class VariableTextTests
{
    [Theory]
    [InlineData("--port=8080", "--port=$(PORT)")]
    [InlineData("8080", "$(PORT)")]
    [InlineData("", "$(PORT)")]
    [InlineData("http://a:80/x", "http://$(HOST):$(PORT)/x")]
    [InlineData("$(PORT)", "$(PORT)")]
    [InlineData("v", "$(my.var-1)")]
    [InlineData("echo $(PORT)", "echo $$(PORT)")]
    [InlineData("cost: 5$", "cost: 5$")]
    [InlineData("a$b", "a$$b")]
    [InlineData("echo $(date +%s)", "echo $(date +%s)")]
    [InlineData("$(", "$(")]
    [InlineData("$()", "$()")]
    public void WhatTheKubeletMakesOfAWord(string text, string word) => Assert.True(VariableText.IsExpanded(text, word, isCut: false));

    [Theory]
    [InlineData("rm -rf /", "test $(date +%s) -gt 0")]
    [InlineData("--host=x", "--port=$(PORT)")]
    [InlineData("echo 8080", "echo $$(PORT)")]
    [InlineData("http://a/x", "http://$(HOST):$(PORT)/x")]
    [InlineData("http://a:80/y", "http://$(HOST):$(PORT)/x")]
    [InlineData("aba", "ab$(X)ba")]
    [InlineData("anything", "$(1ST)")]
    [InlineData("anything", "$(NEVER CLOSED")]
    public void AllElseIsAnother(string text, string word) => Assert.False(VariableText.IsExpanded(text, word, isCut: false));

    [Theory]
    [InlineData("--po", "--port=$(PORT)", true)]
    [InlineData("--port=80", "--port=$(PORT) --more", true)]
    [InlineData("--host", "--port=$(PORT)", false)]
    public void OfATextThatIsCutTheBeginningCounts(string text, string word, bool isIt) =>
        Assert.Equal(isIt, VariableText.IsExpanded(text, word, isCut: true));
}
