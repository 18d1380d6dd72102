using System.Text;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;
using ClusterTrail.Trails.Manifests;

namespace ClusterTrail.Trails.Tests.Manifests;

public sealed class AgentConfigMapTests
{
    const int Limit = 1 << 20;

    [Fact]
    public void HundredsOfTeamsFit()
    {
        var sets = Enumerable.Range(0, 500).Select(number => Set(number, rules: 10)).ToList();

        Assert.Equal(500, AgentFiles.Of(Some.FullTrail().ToTrail(), [Some.RuleFile()]).Fitting(sets));
    }

    [Fact]
    public void OnlyTheFirstThatFitAreCounted()
    {
        var trail = Some.Trail().ToTrail();
        var sets = Enumerable.Range(0, 1000).Select(number => Set(number, rules: 50)).ToList();

        var fitting = AgentFiles.Of(trail).Fitting(sets);

        Assert.InRange(fitting, 1, 999);
        Assert.True(Bytes(trail, sets[..fitting]) <= Limit);
        Assert.True(Bytes(trail, sets[..(fitting + 1)]) > Limit);
    }

    [Fact]
    public void WhatIsCountedIsWhatIsWritten()
    {
        var trail = Some.Trail().ToTrail();
        var free = Limit - Bytes(trail, [Named("")]);

        Assert.Equal(1, AgentFiles.Of(trail).Fitting([Named(new('a', free))]));
        Assert.Equal(0, AgentFiles.Of(trail).Fitting([Named(new('a', free + 1))]));
    }

    [Fact]
    public void RuleFilesTakeRoom()
    {
        var trail = Some.Trail().ToTrail();
        var free = Limit - Bytes(trail, [Named("")]);
        var before = Bytes(trail, []);

        Assert.Equal(0, AgentFiles.Of(trail, [Some.RuleFile()]).Fitting([Named(new('a', free))]));
        Assert.True(Bytes(trail, [], [Some.RuleFile()]) > before + 500);
    }

    static RuleSet Named(string name) => new() { Name = name, Rules = [] };

    static RuleSet Set(int number, int rules) => new()
    {
        Name = $"team-{number}/more",
        Namespace = $"team-{number}",
        Rules =
        [
            .. Enumerable.Repeat(
                new SelectorRule
                {
                    Level = SelectorLevel.Request,
                    Verbs = ["create", "delete"],
                    Resources = [new() { Resources = ["pods/exec", "secrets"] }],
                },
                rules),
        ],
    };

    static int Bytes(Trail trail, IReadOnlyList<RuleSet> attached, IReadOnlyList<TrailRuleFile>? ruleFiles = null) =>
        AgentManifests.Build(trail, AgentFiles.Of(trail, ruleFiles).With(attached), Some.Inputs)
            .Single(one => one.Type.Kind == "ConfigMap").Json["data"]!.AsObject()
            .Sum(file => Encoding.UTF8.GetByteCount((string)file.Value!));
}
