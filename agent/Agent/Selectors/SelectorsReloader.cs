using System.Security.Cryptography;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Status;
using ClusterTrail.Rules.Selectors;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent.Selectors;

/// <summary>The selector in force, taken from a file that may change at any time.</summary>
/// <remarks>Guarantees: a file that is wrong changes nothing; it is refused, counted and told.</remarks>
sealed partial class SelectorsReloader
{
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    readonly string? path;
    readonly Action<bool> counted;
    readonly TimeProvider time;
    readonly ILogger logger;
    volatile Selector current = Selector.Everything;
    volatile SelectorsStatus status;
    byte[] lastSeen = [];

    /// <param name="path">The file; null records everything.</param>
    /// <param name="counted">Told of each change: whether it was accepted.</param>
    /// <exception cref="ConfigurationException">The first file is wrong.</exception>
    public SelectorsReloader(string? path, Action<bool> counted, TimeProvider time, ILogger logger)
    {
        this.path = path;
        this.counted = counted;
        this.time = time;
        this.logger = logger;
        status = new() { Hash = "none", LoadedAt = time.GetUtcNow(), RuleSets = 0 };
        if (path is not null)
        {
            Load();
        }
    }

    public Selector Current => current;

    public SelectorsStatus Status => status;

    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        while (path is not null && await timer.WaitForNextTickAsync(stopping))
        {
            Look();
        }
    }

    /// <summary>Takes the file's new content, if it has one and it is right.</summary>
    public void Look()
    {
        try
        {
            Load();
        }
        catch (Exception e)
        {
            // Whatever it is: one file that cannot be used must not end the looking for the next. Told once for each content, but for as long as it lasts in the status.
            if (status.LastError != e.Message)
            {
                counted(false);
                LogRefused(e.Message);
            }

            status = status with { LastError = e.Message };
        }
    }

    void Load()
    {
        var json = Contracts.ReadAll(path!);
        var hash = SHA256.HashData(json);
        if (hash.AsSpan().SequenceEqual(lastSeen))
        {
            // Back to what is in force, after one that was refused: nothing is wrong any more.
            status = status with { LastError = null };
            return;
        }

        var selectors = Contracts.ParseSelectors(path!, json);
        current = new Selector(selectors);
        lastSeen = hash;
        status = new() { Hash = Convert.ToHexStringLower(hash), LoadedAt = time.GetUtcNow(), RuleSets = selectors.RuleSets.Count };
        counted(true);
        LogAccepted(path!, selectors.RuleSets.Count, status.Hash);
    }

    [LoggerMessage(LogLevel.Information, "Selectors of {Path} are in force: {RuleSets} rule sets, hash {Hash}.")]
    partial void LogAccepted(string path, int ruleSets, string hash);

    [LoggerMessage(LogLevel.Error, "Selectors refused, those before stay in force: {Reason}")]
    partial void LogRefused(string reason);
}
