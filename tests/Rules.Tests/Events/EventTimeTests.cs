using System.Globalization;
using System.Text;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Tests.Events;

public sealed class EventTimeTests
{
    [Theory]
    [InlineData("2026-03-01T12:00:01Z", "2026-03-01T12:00:01.0000000+00:00")]
    [InlineData("2026-03-01T12:00:01.5Z", "2026-03-01T12:00:01.5000000+00:00")]
    [InlineData("2026-03-01T12:00:01.123456789Z", "2026-03-01T12:00:01.1234567+00:00")]
    [InlineData("2026-03-01t12:00:01z", "2026-03-01T12:00:01.0000000+00:00")]
    [InlineData("2026-03-01T01:30:00+02:00", "2026-02-28T23:30:00.0000000+00:00")]
    [InlineData("2024-02-29T23:59:59.999999-23:59", "2024-03-01T23:58:59.9999990+00:00")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000+00:00")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999+00:00")]
    public void ATimeOfRfc3339IsRead(string text, string time) =>
        Assert.Equal(time, EventTime.Parse(Encoding.UTF8.GetBytes(text))?.ToString("O", CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("")]
    [InlineData("10:00")]
    [InlineData("1.5")]
    [InlineData("11/22/2026")]
    [InlineData("2026-03-01")]
    [InlineData("2026-03-01T12:00:01")]
    [InlineData("2026-03-01T12:00:01.Z")]
    [InlineData("2026-03-01T12:00:01.5")]
    [InlineData("2026-03-01 12:00:01Z")]
    [InlineData(" 2026-03-01T12:00:01Z")]
    [InlineData("2026-03-01T12:00:01Z ")]
    [InlineData("2026-03-01T12:00:01+0200")]
    [InlineData("2026-03-01T12:00:01+24:00")]
    [InlineData("2026-02-29T12:00:01Z")]
    [InlineData("2026-13-01T12:00:01Z")]
    [InlineData("2026-03-00T12:00:01Z")]
    [InlineData("2026-03-01T24:00:00Z")]
    [InlineData("2026-03-01T23:60:00Z")]
    [InlineData("2026-03-01T23:59:60Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("9999-12-31T23:59:59-01:00")]
    [InlineData("+026-03-01T12:00:01Z")]
    [InlineData("\u0662\u0660\u0662\u0666-03-01T12:00:01Z")]
    public void NothingElseIsATime(string text) => Assert.Null(EventTime.Parse(Encoding.UTF8.GetBytes(text)));
}
