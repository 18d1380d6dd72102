using System.Text;
using System.Text.Json;
using ClusterTrail.Rules.Detections;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Explaining;
using ClusterTrail.Rules.Selectors;
using ClusterTrail.Rules.Tests.Selectors;

namespace ClusterTrail.Rules.Tests.Explaining;

/// <summary>What is explained is what was decided.</summary>
public sealed class AgreementTests
{
    const int Rounds = 500;
    const int EventsOfRound = 20;

    static readonly byte[][] Lines = [.. SelectorTests.VariedLines()];
    static readonly JsonElement[] Events = [.. Lines.Select(line => JsonDocument.Parse(line).RootElement)];

    readonly JsonIndex index = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void ADetectionIsExplainedAsItIsDecided(int seed)
    {
        var (random, chance, verdicts) = (new RandomDetections(seed, Events), new Random(seed), new int[6]);
        for (var round = 0; round < Rounds; round++)
        {
            var detection = new Detection(random.Rule());
            foreach (var line in chance.GetItems(Lines, EventsOfRound))
            {
                Assert.True(AuditEvent.TryParse(line, index, out var audit, out _));
                var (outcome, isOfStage) = (detection.Test(audit), detection.Stages.Overlaps(StageSet.Of(audit.Stage)));

                var explanation = detection.Explain(audit);
                verdicts[(int)explanation.Verdict]++;

                var expected = (outcome, isOfStage) switch
                {
                    (_, false) => [Verdict.OtherStage],
                    (Outcome.Yes, _) => [detection.Rule.Threshold is null ? Verdict.Fires : Verdict.Counts],
                    (Outcome.Unknown, _) => [Verdict.NotEvaluable],
                    _ => new[] { Verdict.No, Verdict.Excepted },
                };
                var told = $"{explanation} of {outcome}: {JsonSerializer.Serialize(detection.Rule)} of {Encoding.UTF8.GetString(line)}";
                Assert.True(expected.Contains(explanation.Verdict), told);
                Assert.True(explanation.Why.Length == 0 == (explanation.Verdict == Verdict.Fires), told);
                Assert.True(detection.WhyNot(audit).Length == 0 == (outcome == Outcome.Yes), told);
            }
        }

        Assert.All(verdicts, count => Assert.True(count > 20, string.Join(' ', verdicts)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void SelectorsAreExplainedAsTheyDecide(int seed)
    {
        var (random, chance, matched, missed) = (new RandomSelectors(seed, Events), new Random(seed), 0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            var file = random.File();
            var selector = new Selector(file);
            foreach (var line in chance.GetItems(Lines, EventsOfRound))
            {
                Assert.True(AuditEvent.TryParse(line, index, out var audit, out _));

                var sets = selector.Explain(audit);

                var level = sets.Max(set => set.Level);
                Assert.Equal(selector.Select(audit), level < audit.Level ? level : audit.Level);
                foreach (var (set, given) in sets.Zip(file.RuleSets))
                {
                    var isMatched = set.Rules is [.., { Matches: true }];
                    Assert.DoesNotContain(set.Rules.SkipLast(1), rule => rule.Matches);
                    Assert.True(isMatched || set.Miss is not null || set.Rules.Count == given.Rules.Count);
                    _ = isMatched ? matched++ : missed++;
                }
            }
        }

        Assert.True(matched > 500 && missed > 500, $"{matched} {missed}");
    }

    [Fact]
    public void ARequestIsMissedIfAndOnlyIfItDoesNotMatch()
    {
        var (random, chance, matched) = (new RandomSelectors(3, Events), new Random(3), 0);
        for (var round = 0; round < Rounds; round++)
        {
            var rule = random.Rule();
            var pattern = new RequestPattern(rule.Users, rule.UserGroups, rule.Verbs, rule.Resources, rule.Namespaces, rule.NonResourceURLs);
            foreach (var line in chance.GetItems(Lines, EventsOfRound))
            {
                Assert.True(AuditEvent.TryParse(line, index, out var audit, out _));

                Assert.Equal(pattern.Matches(audit), pattern.FirstMiss(audit) is null);
                matched += pattern.Matches(audit) ? 1 : 0;
            }
        }

        Assert.True(matched > 200, $"{matched}");
    }
}
