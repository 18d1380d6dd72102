using ClusterTrail.Contract.Selectors;
using ClusterTrail.Testing;

namespace ClusterTrail.Rules.Tests.Selectors;

public sealed class RuleTests
{
    static readonly SelectorRule Any = new() { Level = SelectorLevel.Metadata };

    [Fact]
    public void AnEmptyRuleMatchesAll()
    {
        Assert.True(Selecting.Matches(AuditLine.Of(), Any));
        Assert.True(Selecting.Matches(AuditLine.Of(("objectRef", null)), Any));
        Assert.True(Selecting.Matches(AuditLine.Of(("user", "{}")), Any));
    }

    [Fact]
    public void ARuleIsTheAndOfItsParts()
    {
        var rule = Any with { Users = ["ann"], UserGroups = ["ops", "devs"], Verbs = ["get", "list"], Resources = [new() { Resources = ["pods"] }], Namespaces = ["shop"] };

        Assert.True(Selecting.Matches(AuditLine.Of(), rule));
        Assert.False(Selecting.Matches(AuditLine.Of(), rule with { Users = ["bob"] }));
        Assert.False(Selecting.Matches(AuditLine.Of(), rule with { UserGroups = ["ops"] }));
        Assert.False(Selecting.Matches(AuditLine.Of(), rule with { Verbs = ["watch"] }));
        Assert.False(Selecting.Matches(AuditLine.Of(), rule with { Resources = [new() { Resources = ["nodes"] }] }));
        Assert.False(Selecting.Matches(AuditLine.Of(), rule with { Namespaces = ["bank"] }));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"username\":\"\",\"groups\":[\"devs\"]}")]
    [InlineData("null")]
    public void ARuleAboutUsersNeverMatchesAnUnauthenticatedRequest(string user)
    {
        var line = AuditLine.Of(("user", user));

        Assert.False(Selecting.Matches(line, Any with { Users = [""] }));
        Assert.False(Selecting.Matches(line, Any with { UserGroups = ["devs"] }));
        Assert.True(Selecting.Matches(line, Any with { Verbs = ["get"] }));
    }

    [Fact]
    public void UsersAreTheAuthenticatedNeverTheImpersonated()
    {
        var line = AuditLine.Of(("impersonatedUser", """{"username":"root","groups":["system:masters"]}"""));

        Assert.True(Selecting.Matches(line, Any with { Users = ["ann"] }));
        Assert.False(Selecting.Matches(line, Any with { Users = ["root"] }));
        Assert.False(Selecting.Matches(line, Any with { UserGroups = ["system:masters"] }));
    }

    [Theory]
    [InlineData("pods", "pods", null, true)]
    [InlineData("pods", "pods", "exec", false)]
    [InlineData("pods/exec", "pods", "exec", true)]
    [InlineData("pods/exec", "pods", null, false)]
    [InlineData("pods/exec", "pods", "log", false)]
    [InlineData("*", "pods", null, true)]
    [InlineData("*", "pods", "exec", true)]
    [InlineData("*/exec", "pods", "exec", true)]
    [InlineData("*/exec", "pods", null, false)]
    [InlineData("*/exec", "exec", null, false)]
    [InlineData("pods/*", "pods", "exec", true)]
    [InlineData("pods/*", "pods", null, true)]
    [InlineData("pods/*", "nodes", "proxy", false)]
    [InlineData("*/*", "pods", "exec", false)]
    [InlineData("*/", "pods", null, false)]
    [InlineData("pods/", "pods", null, false)]
    [InlineData("Pods", "pods", null, false)]
    [InlineData("pod", "pods", null, false)]
    public void ResourcesMatchAsTheApiServerMatchesThem(string pattern, string resource, string? subresource, bool expected)
    {
        var line = AuditLine.Of(AuditLine.ObjectRef(resource, subresource));

        var matches = Selecting.Matches(line, Any with { Resources = [new() { Resources = [pattern] }] });

        Assert.Equal(expected, matches);
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "apps", false)]
    [InlineData("apps", "apps", true)]
    [InlineData("apps", "", false)]
    [InlineData("*", "", true)]
    [InlineData("*", "apps", true)]
    [InlineData("app*", "apps", false)]
    public void AGroupIsExactOrAny(string pattern, string group, bool expected)
    {
        var line = AuditLine.Of(AuditLine.ObjectRef("deployments", group: group));

        Assert.Equal(expected, Selecting.Matches(line, Any with { Resources = [new() { Group = pattern }] }));
        Assert.Equal(expected, Selecting.Matches(line, Any with { Resources = [new() { Group = pattern, Resources = ["deployments"] }] }));
    }

    [Fact]
    public void AnAbsentGroupIsCore() => Assert.True(Selecting.Matches(AuditLine.Of(), Any with { Resources = [new() { Group = "" }] }));

    [Fact]
    public void ResourceNamesNarrowTheResources()
    {
        var rule = Any with { Resources = [new() { Resources = ["pods"], ResourceNames = ["web", "db"] }] };

        Assert.True(Selecting.Matches(AuditLine.Of(), rule));
        Assert.False(Selecting.Matches(AuditLine.Of(AuditLine.ObjectRef("pods", name: "other")), rule));
        Assert.False(Selecting.Matches(AuditLine.Of(("objectRef", """{"resource":"pods"}""")), rule));
    }

    [Fact]
    public void TheEmptyNamespaceIsWhatIsInNone()
    {
        var rule = Any with { Namespaces = [""] };

        Assert.True(Selecting.Matches(AuditLine.Of(AuditLine.ObjectRef("nodes", ns: "")), rule));
        Assert.True(Selecting.Matches(AuditLine.Of(("objectRef", """{"resource":"nodes"}""")), rule));
        Assert.False(Selecting.Matches(AuditLine.Of(), rule));
        Assert.False(Selecting.Matches(AuditLine.Of(("objectRef", null)), rule));
    }

    [Theory]
    [InlineData("*", "/healthz", true)]
    [InlineData("/healthz", "/healthz", true)]
    [InlineData("/healthz", "/healthz?verbose=1", true)]
    [InlineData("/healthz", "/healthz/etcd", false)]
    [InlineData("/healthz*", "/healthz/etcd", true)]
    [InlineData("/healthz*", "/healthz", true)]
    [InlineData("/healthz/*", "/healthz", false)]
    [InlineData("/healthz", "/%68ealthz", true)]
    [InlineData("/a b", "/a%20b", true)]
    [InlineData("/ä", "/%C3%A4", true)]
    [InlineData("/%41", "/%2541", true)]
    [InlineData("/a<b", "/a\\u003cb", true)]
    [InlineData("/a", "/a\\u003fb", true)]
    [InlineData("/", "/", true)]
    [InlineData("/", "", false)]
    public void UrlsMatchTheDecodedPath(string pattern, string uri, bool expected)
    {
        var line = AuditLine.Of(("objectRef", null), ("requestURI", $"\"{uri}\""));

        Assert.Equal(expected, Selecting.Matches(line, Any with { NonResourceURLs = [pattern] }));
    }

    [Fact]
    public void UrlsNeverMatchARequestForAResource() =>
        Assert.False(Selecting.Matches(AuditLine.Of(), Any with { NonResourceURLs = ["*"] }));

    [Fact]
    public void StringsAreComparedByWhatTheyMeanNotByHowTheyAreWritten()
    {
        var line = AuditLine.Of(("user", """{"username":"a\u003cb","groups":["CORP\\ops","CORP\new"]}"""), ("verb", "\"g\\u0065t\""));

        Assert.True(Selecting.Matches(line, Any with { Users = ["a<b"], UserGroups = ["CORP\\ops"], Verbs = ["get"] }));
        Assert.False(Selecting.Matches(line, Any with { UserGroups = ["CORP\\new"] }));
        Assert.False(Selecting.Matches(line, Any with { Users = ["a\\u003cb"] }));
    }
}
