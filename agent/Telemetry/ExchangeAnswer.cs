namespace ClusterTrail.Telemetry;

/// <param name="Signature">What the answer is signed with; nothing for one that is not.</param>
public sealed record ExchangeAnswer(TelemetryPage Page, string? Signature = null)
{
    public static ExchangeAnswer Refusal(int statusCode, string text) => new(TelemetryPage.Text(statusCode, text + "\n"));
}
