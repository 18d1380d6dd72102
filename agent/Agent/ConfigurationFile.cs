using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ClusterTrail.Agent.Files;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Contract.Status;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent;

/// <summary>The agent's configuration: as it was at the start, but for <c>logging</c>, which follows the file.</summary>
sealed partial class ConfigurationFile
{
    readonly ReloadedFile<LoadedConfiguration> file;
    readonly ILogger logger;
    LoadedConfiguration? last;

    /// <exception cref="ConfigurationException">The file cannot be used.</exception>
    public ConfigurationFile(string path, Action<bool> counted, TimeProvider time, ILogger logger)
    {
        this.logger = logger;
        file = new(path, Read, counted, time, logger);
        AtStart = file.Current.Configuration;
    }

    public AgentConfiguration AtStart { get; }

    /// <summary>Whether sources are to be read now.</summary>
    public bool Logging => file.Current.Configuration.Logging;

    /// <summary>The hash of the newest file that is active as a whole.</summary>
    public string Hash => file.Current.WholeHash;

    public ConfigurationStatus Status => new()
    {
        Hash = file.Status.Hash,
        LoadedAt = file.Status.LoadedAt,
        Logging = Logging,
        AtNextStart = file.Current.AtNextStart is { Count: > 0 } fields ? fields : null,
        LastError = file.Status.LastError,
    };

    public Task RunAsync(CancellationToken stopping) => file.RunAsync(stopping);

    /// <summary>Takes the file's new content, if it has one and it is right.</summary>
    public void Look() => file.Look();

    LoadedConfiguration Read(string path, ReadOnlyMemory<byte> json)
    {
        var read = Contracts.ParseAgent(path, json);
        var hash = Convert.ToHexStringLower(SHA256.HashData(json.Span));
        List<string> differing = last is null ? [] : DifferingFields(AtStart, read);
        var now = new LoadedConfiguration(read, differing, differing.Count == 0 ? hash : last!.WholeHash);
        LogNews(path, last, now);
        return last = now;
    }

    void LogNews(string path, LoadedConfiguration? before, LoadedConfiguration now)
    {
        if (now.Configuration.Logging != (before?.Configuration.Logging ?? true))
        {
            LogSwitched(now.Configuration.Logging
                ? "on: the agent continues reading where it stopped"
                : "off: the agent delivers the batches that it holds and reads nothing more");
        }

        if (now.AtNextStart.Count > 0 && !now.AtNextStart.SequenceEqual(before?.AtNextStart ?? []))
        {
            LogAtNextStart(path, string.Join(", ", now.AtNextStart));
        }
    }

    static List<string> DifferingFields(AgentConfiguration one, AgentConfiguration other)
    {
        var (before, after) = (Json(one), Json(other));
        var fields = before.Select(field => field.Key).Union(after.Select(field => field.Key));
        return [.. fields.Where(field => !JsonNode.DeepEquals(before[field], after[field]))];

        static JsonObject Json(AgentConfiguration configuration) =>
            JsonNode.Parse(Contracts.Write(configuration with { Logging = true }))!.AsObject();
    }

    [LoggerMessage(LogLevel.Information, "Logging is {State}.")]
    partial void LogSwitched(string state);

    [LoggerMessage(LogLevel.Warning, "{Path}: the change of {Fields} takes effect at the next start.")]
    partial void LogAtNextStart(string path, string fields);

    /// <summary>What the file says.</summary>
    /// <param name="AtNextStart">The fields that differ from those at the start.</param>
    /// <param name="WholeHash">The hash of the newest content without such fields.</param>
    sealed record LoadedConfiguration(AgentConfiguration Configuration, IReadOnlyList<string> AtNextStart, string WholeHash);
}
