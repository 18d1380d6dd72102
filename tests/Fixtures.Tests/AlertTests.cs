using System.Net.Http.Headers;
using ClusterTrail.Testing;

namespace ClusterTrail.Fixtures.Tests;

[Collection(PrometheusFixture.Collection)]
[Requires(Requires.Prometheus, Requires.Alertmanager)]
public sealed class AlertTests(PrometheusFixture prometheusFixture, AlertmanagerFixture alertmanagerFixture)
{
    const string Rules = """
        groups:
        - name: test
          rules:
          - alert: OnFire
            expr: temperature > 100
            labels: {severity: critical}
            annotations: {summary: "{{ $value }} degrees"}
        """;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnAlertFiresReachesTheAlertmanagerAndIsResolved()
    {
        var prometheus = await prometheusFixture.StartedAsync();
        var alertmanager = await alertmanagerFixture.StartedAsync();
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.Join("rules.yml"), Rules, Cancellation);
        await using var thermometer = await MetricsEndpoint.StartAsync("temperature 20\n");
        await prometheus.ReloadAsync(
            new()
            {
                RuleFiles = [folder.Join("rules.yml")],
                Targets = new Dictionary<string, Uri> { ["thermometer"] = thermometer.Url },
                Alertmanager = alertmanager.Url,
            },
            Cancellation);

        await Until.HoldsAsync(async () =>
            (await prometheus.QueryAsync("temperature", Cancellation)).Any(sample =>
                sample.Value is 20 && sample.Labels["job"] == "thermometer"));
        Assert.Empty(await prometheus.AlertsAsync(Cancellation));

        thermometer.Page = "temperature 451\n";
        await Until.HoldsAsync(async () =>
            (await prometheus.AlertsAsync(Cancellation)).Any(alert => alert is { Name: "OnFire", State: "firing" }));
        await Until.HoldsAsync(async () =>
            (await alertmanager.AlertsAsync(Cancellation)).Any(alert => alert is { Name: "OnFire", State: "active" }));
        var received = Assert.Single(await alertmanager.AlertsAsync(Cancellation));
        Assert.Equal(("critical", "thermometer"), (received.Labels["severity"], received.Labels["job"]));
        Assert.Equal("451 degrees", received.Annotations["summary"]);

        thermometer.Page = "temperature 20\n";
        await Until.HoldsAsync(async () => (await prometheus.AlertsAsync(Cancellation)).Count is 0);
        await Until.HoldsAsync(async () => (await alertmanager.AlertsAsync(Cancellation)).Count is 0);
    }

    [Fact]
    public async Task AConfigurationThatPrometheusRefusesSaysWhy()
    {
        var prometheus = await prometheusFixture.StartedAsync();
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.Join("rules.yml"), "groups: nonsense", Cancellation);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            prometheus.ReloadAsync(new() { RuleFiles = [folder.Join("rules.yml")] }, Cancellation));

        Assert.Contains("cannot unmarshal", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAlertmanagerNotifiesItsWebhook()
    {
        _ = await alertmanagerFixture.StartedAsync();
        await using var receiver = await MetricsEndpoint.StartAsync("");
        await using var alertmanager = await AlertmanagerServer.StartAsync(receiver.Url, Cancellation);
        using var http = new HttpClient();

        using var answer = await http.PostAsync(
            new Uri(alertmanager.Url, "/api/v2/alerts"),
            new StringContent("""[{"labels": {"alertname": "OnFire"}}]""", new MediaTypeHeaderValue("application/json")),
            Cancellation);

        Assert.True(answer.IsSuccessStatusCode);
        await Until.HoldsAsync(() => receiver.Posted.Any(body => body.Contains("OnFire", StringComparison.Ordinal)));
    }
}
