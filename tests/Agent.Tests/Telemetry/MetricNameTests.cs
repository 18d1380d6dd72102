using ClusterTrail.Telemetry.Exposition;

namespace ClusterTrail.Agent.Tests.Telemetry;

public sealed class MetricNameTests
{
    [Theory]
    [InlineData("clustertrail.source.read_events", "{event}", "clustertrail_source_read_events")]
    [InlineData("clustertrail.source.read_bytes", "By", "clustertrail_source_read_bytes")]
    [InlineData("clustertrail.upload.duration", "s", "clustertrail_upload_duration_seconds")]
    [InlineData("process.cpu", "s", "process_cpu_seconds")]
    [InlineData("bytes.read", "By", "bytes_read")]
    [InlineData("requests_total", null, "requests")]
    [InlineData("2.strange--name/", "1", "_2_strange_name_")]
    public void NamesFollowTheRulesOfOpenTelemetry(string instrument, string? unit, string family)
    {
        var name = MetricName.Family(instrument, unit);

        Assert.Equal(family, name);
    }
}
