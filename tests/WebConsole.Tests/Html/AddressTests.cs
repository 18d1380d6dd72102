using ClusterTrail.WebConsole.Html;

namespace ClusterTrail.WebConsole.Tests.Html;

public sealed class AddressTests
{
    [Fact]
    public void ValuesAreEscapedAndReplaced()
    {
        var address = new Address("/").With("user", "a&b=c d/\u00e9#").With("verb", "get").With("user", "x?").With("verb", (string?)null);

        Assert.Equal("/?user=x%3F", $"{address}");
        Assert.Equal("/?u=a%26b%3Dc%20d%2F%C3%A9%23", $"{new Address("/").With("u", "a&b=c d/\u00e9#")}");
    }

    [Fact]
    public void ATimeComesBackExactly()
    {
        var time = new DateTime(2026, 3, 1, 12, 0, 1, DateTimeKind.Utc).AddTicks(1_234_560);

        Assert.Equal(time, TimeFormat.Parse(TimeFormat.Exact(time)));
        Assert.Equal("2026-03-01 12:00:01.123456", TimeFormat.Shown(time));
    }
}
