using ClusterTrail.Contract;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Trails.Files;
using ClusterTrail.Trails.Validation;

namespace ClusterTrail.Trails.Tests.Files;

/// <summary>What a Trail's agents report of detections and notifications, and what is wrong with it.</summary>
public sealed class AgentDetectionsTests
{
    [Fact]
    public void WithoutAWordTheBaselineIsOn()
    {
        var detections = AgentFiles.Of(Some.Trail().ToTrail()).Detections;

        Assert.Equal(["baseline"], detections.Packs);
        Assert.Equal("""{"packs":["baseline"]}""", AgentFiles.Of(Some.Trail().ToTrail()).DetectionsJson);
        Assert.Equal("{}", AgentFiles.Of(Some.Trail().With("spec.detections.packs", "[]").ToTrail()).DetectionsJson);
    }

    [Fact]
    public void RulesAndListsOfAllFilesComeTogether()
    {
        var other = Some.Parsed("""
            lists: { payments-robots: [another] }
            rules:
            - { name: watched, severity: low, group: payments, description: Watched., match: { verbs: [watch] } }
            """);

        var detections = AgentFiles.Of(Some.FullTrail().ToTrail(), [Some.RuleFile(), other]).Detections;

        Assert.Equal(["payments-secret-read", "payments-exec", "watched"], detections.Rules.Select(rule => rule.Name));
        Assert.Equal(["system:serviceaccount:payments:deployer", "another", "system:serviceaccount:payments:reloader"],
            detections.Lists["payments-robots"]);
        Assert.Equal(["break-glass@example.com"], detections.Lists["exec-users"]);
        Assert.Contains("payments-exec", detections.Effective().Select(rule => rule.Name));
        Assert.DoesNotContain("pod-exec", detections.Effective().Select(rule => rule.Name));
    }

    [Fact]
    public void AWebhooksSecretAndAuthoritiesAreFiles()
    {
        var configuration = AgentFiles.Of(Some.FullTrail().ToTrail()).Configuration;

        Assert.Equal("detections.json", configuration.Detections);
        Assert.Equal(
            new WebhookConfiguration
            {
                Url = "https://hooks.example.com:8443/clustertrail",
                SecretPath = "/etc/clustertrail-webhook/secret",
                CaBundlePath = "/etc/clustertrail-webhook-ca/ca.crt",
                MinSeverity = DetectionSeverity.High,
                TimeoutSeconds = 10,
            },
            configuration.Notifications.Webhook);
        Assert.Null(AgentFiles.Of(Some.Trail().ToTrail()).Configuration.Notifications.Webhook);
    }

    [Fact]
    public void ARuleFileThatIsWrongIsToldWithConfigMapKeyFieldAndValue()
    {
        var wrong = Assert.Throws<ConfigurationException>(() =>
            Some.Parsed(Some.RuleFileText().Replace("critical", "grave", StringComparison.Ordinal)));

        Assert.Equal(
            "ConfigMap clustertrail-system/payments-rules, rules.yaml: rules[0].severity is \"grave\"; allowed: info, low, medium, high, "
                + "critical.",
            wrong.Message);
    }

    [Fact]
    public void OfAFileThatIsWrongThroughoutTheFirstAreTold()
    {
        var rules = string.Concat(
            Enumerable.Range(0, 50).Select(number =>
                $"- {{ name: rule-{number}, severity: grave, group: a, description: A., match: {{}} }}\n"));

        var wrong = Assert.Throws<ConfigurationException>(() => Some.Parsed($"rules:\n{rules}"));

        Assert.EndsWith("rules[4].severity is \"grave\"; allowed: info, low, medium, high, critical. And 45 more.", wrong.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain('\n', wrong.Message);
    }

    [Theory]
    [InlineData("spec.detections.enable[0]", "\"payments-exe\"",
        "spec.detections.enable[0] is \"payments-exe\"; allowed: the name of a rule; kubectl trail detections list shows them.")]
    [InlineData("spec.detections.disable", "[\"payments-secret-read\", \"x\"]",
        "spec.detections.disable[1] is \"x\"; allowed: the name of a rule; kubectl trail detections list shows them.")]
    [InlineData("spec.detections.lists.exec-user", "[\"a\"]",
        "spec.detections.lists is \"exec-user\"; allowed: the name of a list of a pack or of a rule file (*")]
    [InlineData(
        "spec.detections.lists.exec-users[0]", "\"\"", "spec.detections.lists.exec-users is empty; allowed: items of 1 to 512 characters.")]
    public void NamesAreHeldAgainstPacksAndFiles(string field, string json, string expected)
    {
        var trail = Some.FullTrail().With(field, json).ToTrail();

        var problem = Assert.Single(TrailProblems.Of(trail, [Some.RuleFile()]));

        Assert.StartsWith(expected.TrimEnd('*'), problem, StringComparison.Ordinal);
    }

    [Fact]
    public void ANameThatTwoFilesHaveIsToldWithItsFile()
    {
        var other = TrailRuleFile.Parse("clustertrail-system/other", "more.yaml", """
            rules:
            - { name: first, severity: low, group: a, description: A., match: {} }
            - { name: payments-exec, severity: low, group: a, description: A., match: {} }
            """);

        var problem = Assert.Single(TrailProblems.Of(Some.FullTrail().ToTrail(), [Some.RuleFile(), other]));

        Assert.Equal(
            "ConfigMap clustertrail-system/other, more.yaml: rules[1].name is \"payments-exec\"; allowed: a name that no other rule has, "
                + "including those of the packs.",
            problem);
    }

    [Fact]
    public void RulesThatFitIntoNoConfigMapAreTold()
    {
        var users = string.Join(", ", Enumerable.Range(0, 1000).Select(number => $"{number}{new string('u', 500)}"));
        var lists = string.Concat(Enumerable.Range(0, 3).Select(number => $"  list-{number}: [{users}]\n"));

        var problem = Assert.Single(TrailProblems.Of(Some.Trail().ToTrail(), [Some.Parsed($"lists:\n{lists}")]));

        Assert.Matches(
            "^spec.selectors and spec.detections make a ConfigMap of 1[0-9]{6} bytes; allowed: rules that fit into 1048576 bytes\\.$",
            problem);
    }
}
