using System.Text;
using System.Text.Json;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Testing;

namespace ClusterTrail.EndToEnd;

/// <summary>Counts of a real agent that is killed again and again.</summary>
public sealed class AggregatesTests : IDisposable
{
    const int Kills = 12;
    const int Seed = 20261127;

    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    static readonly string[] Lines =
    [
        .. AuditLog.Lines().Where(line => line.Length < 5000).Take(2000).Select(line => Encoding.UTF8.GetString(line.Span).TrimEnd('\n')),
    ];

    readonly AgentFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task EveryEventIsARecordOrInOneCountHoweverOftenTheAgentIsKilled()
    {
        File.WriteAllBytes(Path.Combine(folder.Root, "selectors.json"), Contracts.Write(new SelectorsFile
        {
            RuleSets =
            [
                new()
                {
                    Name = "main",
                    Rules =
                    [
                        new() { Level = SelectorLevel.Metadata, Aggregate = true, Verbs = ["get", "list", "watch"] },
                        new() { Level = SelectorLevel.RequestResponse },
                    ],
                },
            ],
        }));
        var configuration = folder.Configuration with { Selectors = "selectors.json", Batch = new() { MaxBytes = 40_000, MaxAgeSeconds = 1 } };
        var random = new Random(Seed);
        for (var kill = 0; kill < Kills; kill++)
        {
            using var agent = AgentProcess.Start(folder.Root, configuration);
            await agent.Url;
            await WriteAsync(Lines[(Lines.Length * kill / Kills)..(Lines.Length * (kill + 1) / Kills)]);
            await Task.Delay(random.Next(1500));
            agent.Kill();
        }

        using var last = AgentProcess.Start(folder.Root, configuration);
        await AgentStatusPage.WaitAsync(await last.Url, AgentStatusPage.HasReadAll, Timeout);
        Assert.Equal(0, await last.StopAsync());

        var records = ArchivedRecords.OfFolder(folder.ArchivePath);
        var counts = records.Where(record => record.GetProperty("eventCategory").GetString() == "Aggregate").ToList();
        ArchivedRecords.MustBeExactly([.. Lines.Where(line => !IsRead(line))], [.. records.Except(counts)]);
        var counted = counts.GroupBy(KeyOf).Select(same => (same.Key, same.Sum(CountOf)));
        var expected = Lines.Where(IsRead).GroupBy(KeyOfLine).Select(same => (same.Key, same.Count()));
        Assert.Equal(expected.Order(), counted.Order());
        Assert.Equal(records.Count, records.Select(record => record.GetProperty("eventID").GetString()).Distinct().Count());
        Assert.InRange(counts.Count, 10, Lines.Count(IsRead) - 10);
    }

    // Slowly, so that an agent reads while it is written.
    async Task WriteAsync(string[] lines)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.LogPath)!);
        using var log = new FileStream(folder.LogPath, FileMode.Append);
        foreach (var part in lines.Chunk(20))
        {
            log.Write(Encoding.UTF8.GetBytes(string.Join('\n', part) + "\n"));
            log.Flush();
            await Task.Delay(5);
        }
    }

    static bool IsRead(string line) => Parse(line).GetProperty("verb").GetString() is "get" or "list" or "watch";

    static string KeyOfLine(string line)
    {
        var audit = Parse(line);
        var time = audit.GetProperty("stageTimestamp").GetDateTimeOffset();
        return $"{time.AddTicks(-(time.Ticks % TimeSpan.FromMinutes(5).Ticks)).UtcDateTime:s}Z {audit.GetProperty("user").GetProperty("username")} "
            + $"{audit.GetProperty("verb")} {audit.GetProperty("stage")}";
    }

    static string KeyOf(JsonElement count) =>
        $"{count.GetProperty("timeWindow").GetProperty("windowStart")} {count.GetProperty("userIdentity").GetProperty("userName")} "
        + $"{count.GetProperty("eventName").GetString()!.Split(' ')[0]} {count.GetProperty("aggregateDetails").GetProperty("stage")}";

    static int CountOf(JsonElement count) => count.GetProperty("aggregateDetails").GetProperty("count").GetInt32();

    static JsonElement Parse(string line) => JsonDocument.Parse(line).RootElement;
}
