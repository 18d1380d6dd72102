using System.Text;
using ClusterTrail.Operator.Completeness;

namespace ClusterTrail.Operator.Tests.Completeness;

public sealed class ServerCountersTests
{
    [Fact]
    public async Task TheyAreOnTheServersPage()
    {
        const string Page = """
            # HELP apiserver_audit_event_total [ALPHA] Counter of audit events generated and sent to the audit backend.
            # TYPE apiserver_audit_event_total counter
            apiserver_audit_event_total 12345
            apiserver_audit_error_total{plugin="log"} 2
            apiserver_audit_error_total{plugin="buffered"} 30
            apiserver_audit_error_total{plugin="webhook"} 400
            apiserver_audit_requests_rejected_total 1
            apiserver_audit_level_total{level="Request"} 7
            apiserver_audit_event_total_of_others 9
            process_start_time_seconds 1.76422512345e+09

            """;

        Assert.Equal(new(1764225123.45, 12345, 2, 430, 1), await ReadAsync(Page));
    }

    [Theory]
    [InlineData("")]
    [InlineData("process_start_time_seconds 1.7e+09\n")]
    [InlineData("apiserver_audit_event_total 5\n")]
    [InlineData("apiserver_audit_event_total NaN\nprocess_start_time_seconds 1\n")]
    [InlineData("apiserver_audit_event_total -1\nprocess_start_time_seconds 1\n")]
    [InlineData("apiserver_audit_event_total 1e300\nprocess_start_time_seconds 1\n")]
    [InlineData("apiserver_audit_event_total\nprocess_start_time_seconds 1\n")]
    [InlineData("apiserver_audit_event_total{\nprocess_start_time_seconds 1\n")]
    [InlineData("apiserver_audit_event_total \nprocess_start_time_seconds 1\n")]
    public async Task APageWithoutThemIsRefused(string page) =>
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(page));

    [Fact]
    public async Task ALongLineIsPassedOver() => Assert.Equal(
        5, (await ReadAsync($"# {new string('x', 1 << 20)}\napiserver_audit_event_total 5\nprocess_start_time_seconds 1")).Events);

    static async Task<ServerCounters> ReadAsync(string page)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(page));
        return await ServerCounters.ReadAsync(stream, TestContext.Current.CancellationToken);
    }
}
