using ClusterTrail.Contract.Detections;
using ClusterTrail.Testing;

namespace ClusterTrail.Rules.Tests.Detections;

public sealed class ExceptionsTests
{
    [Theory]
    [InlineData("ann", true)]
    [InlineData("an*", true)]
    [InlineData("*", true)]
    [InlineData("an", false)]
    [InlineData("ann*b", false)]
    [InlineData("Ann", false)]
    [InlineData("annabel*", false)]
    public void UsersAreExcepted(string item, bool excepted) =>
        AssertExcepted(excepted, AuditLine.Of(), new() { Users = ["other", item] });

    [Theory]
    [InlineData("devs", true)]
    [InlineData("system:auth*", true)]
    [InlineData("dev", false)]
    public void GroupsAreExcepted(string item, bool excepted) => AssertExcepted(excepted, AuditLine.Of(), new() { UserGroups = [item] });

    [Theory]
    [InlineData("shop", true)]
    [InlineData("sh*", true)]
    [InlineData("hop", false)]
    public void NamespacesAreExcepted(string item, bool excepted) => AssertExcepted(excepted, AuditLine.Of(), new() { Namespaces = [item] });

    [Fact]
    public void WhoeverMayImpersonateCannotChooseAnException() =>
        AssertExcepted(false, AuditLine.Of(("impersonatedUser", """{"username":"root","groups":["admins"]}""")), new() { Users = ["root"], UserGroups = ["admins"] });

    [Fact]
    public void NobodyAndNowhereAreNoException()
    {
        var everything = new DetectionExceptions { Users = ["*"], UserGroups = ["*"], Namespaces = ["*"] };

        AssertExcepted(false, AuditLine.Of(("user", "{}"), ("objectRef", null)), everything);
        AssertExcepted(false, AuditLine.Of(("user", null), AuditLine.ObjectRef("nodes", ns: "")), everything);
    }

    [Fact]
    public void NamesAreComparedByWhatTheyMean()
    {
        var line = AuditLine.Of(("user", """{"username":"\u0061nn\u003c"}"""));

        AssertExcepted(true, line, new() { Users = ["ann<"] });
        AssertExcepted(true, line, new() { Users = ["ann*"] });
    }

    [Theory]
    [InlineData("""{"spec":{"containers":[{"image":"good/app:1"}]}}""", true)]
    [InlineData("""{"spec":{"containers":[{"image":"good/app:1"},{"image":"bad"}]}}""", false)]
    [InlineData("""{"spec":{"containers":[{"image":"good/app:1"}],"initContainers":[{"image":"bad"}]}}""", false)]
    [InlineData("""{"spec":{"containers":[{"image":"good/app:1"}],"ephemeralContainers":[{"image":"bad"}]}}""", false)]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"image":"good/app:1"}]}}}}""", true)]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"image":"bad"}]}}}}""", false)]
    [InlineData("""{"spec":{"jobTemplate":{"spec":{"template":{"spec":{"containers":[{"image":"exact"}]}}}}}}""", true)]
    [InlineData("""{"spec":{"jobTemplate":{"spec":{"template":{"spec":{"containers":[{"image":"exactly"}]}}}}}}""", false)]
    [InlineData("""{"spec":{"containers":[]}}""", false)]
    [InlineData("""{"spec":{}}""", false)]
    [InlineData(null, false)]
    public void AllImagesMustBeKnown(string? body, bool excepted) =>
        AssertExcepted(excepted, AuditLine.Of(("requestObject", body)), new() { Images = ["good/*", "exact"] });

    [Fact]
    public void ImagesThatNobodyCanSeeAreNoExceptionAndNoFinding()
    {
        var line = AuditLine.Of(("level", "\"Metadata\""));

        Assert.Equal(Outcome.Unknown, Detecting.Test(line, Rule(new() { Images = ["good/*"] })));
        Assert.Equal(Outcome.No, Detecting.Test(line, Rule(new() { Images = ["good/*"], Users = ["ann"] })));
    }

    static void AssertExcepted(bool excepted, byte[] line, DetectionExceptions exceptions) =>
        Assert.Equal(excepted ? Outcome.No : Outcome.Yes, Detecting.Test(line, Rule(exceptions)));

    static DetectionRule Rule(DetectionExceptions exceptions) => Detecting.Rule() with { Exceptions = exceptions };
}
