using System.Text.Json;

namespace ClusterTrail.EndToEnd;

/// <summary>An agent's /status, as the operator reads it.</summary>
static class AgentStatusPage
{
    static readonly HttpClient Http = new();

    public static async Task<JsonElement> ReadAsync(Uri agent) =>
        JsonDocument.Parse(await Http.GetStringAsync(new Uri(agent, "status"))).RootElement;

    /// <summary>Waits until the status is as wanted.</summary>
    public static async Task<JsonElement> WaitAsync(Uri agent, Func<JsonElement, bool> isWanted, TimeSpan atMost)
    {
        var until = DateTime.UtcNow + atMost;
        var status = await ReadAsync(agent);
        while (!isWanted(status))
        {
            Assert.True(DateTime.UtcNow < until, $"Not within {atMost}: {status.GetRawText()}");
            await Task.Delay(100);
            status = await ReadAsync(agent);
        }

        return status;
    }

    /// <summary>Whether all that was written before the agent looked last is read; before its first look nothing is known to wait.</summary>
    public static bool HasReadAll(JsonElement status) =>
        status.GetProperty("sources")[0].GetProperty("lagBytes").GetInt64() == 0
        && status.GetProperty("sources")[0].GetProperty("state").GetString() == "Idle";

    /// <summary>Whether all of that is read and delivered.</summary>
    public static bool IsDone(JsonElement status) =>
        HasReadAll(status) && status.GetProperty("spool").GetProperty("batches").GetInt32() == 0;
}
