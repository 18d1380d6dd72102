using ClusterTrail.Telemetry.Exposition;
using Prometheus;

namespace ClusterTrail.Agent.Tests.Telemetry;

public sealed class ContentNegotiationTests
{
    const string Prometheus3 =
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,"
        + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";

    [Theory]
    [InlineData("application/openmetrics-text")]
    [InlineData("application/openmetrics-text; version=1.0.0; charset=utf-8")]
    [InlineData("application/openmetrics-text;version=\"1.0.0\"")]
    [InlineData("Application/OpenMetrics-Text")]
    [InlineData("text/plain;q=0.5, application/openmetrics-text;q=0.8")]
    [InlineData("application/openmetrics-text, text/plain")]
    [InlineData("*/*, application/openmetrics-text;q=0.1")]
    [InlineData(Prometheus3)]
    public void OpenMetricsIsForThoseWhoNameIt(string accept)
    {
        var format = ContentNegotiation.Choose([accept]);

        Assert.Equal(ExpositionFormat.OpenMetricsText, format);
    }

    [Theory]
    [InlineData("")]
    [InlineData("*/*")]
    [InlineData("text/*")]
    [InlineData("application/*")]
    [InlineData("text/plain")]
    [InlineData("text/html, */*;q=0.8")]
    [InlineData("application/json")]
    [InlineData("application/openmetrics-text;q=0")]
    [InlineData("application/openmetrics-text;q=0.2, text/plain;q=0.3")]
    [InlineData("application/openmetrics-text;version=0.0.1")]
    [InlineData("application/openmetrics-text;version=2.0.0, text/plain;version=0.0.4;q=0.1")]
    [InlineData(";;;=,q=")]
    public void EverybodyElseGetsPrometheusText(string accept)
    {
        var format = ContentNegotiation.Choose([accept]);

        Assert.Equal(ExpositionFormat.PrometheusText, format);
    }

    [Fact]
    public void SeveralAcceptHeadersCountAsOne()
    {
        var format = ContentNegotiation.Choose(["text/plain;q=0.1", "application/openmetrics-text;q=0.2"]);

        Assert.Equal(ExpositionFormat.OpenMetricsText, format);
    }
}
