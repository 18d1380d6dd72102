using System.Security.Cryptography;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Reading;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent.Files;

/// <summary>The active content of a file that may change at any time.</summary>
/// <remarks>Guarantees: an invalid file changes nothing; it is rejected, counted and logged.</remarks>
sealed partial class ReloadedFile<T>
    where T : class
{
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    readonly string? path;
    readonly Func<string, ReadOnlyMemory<byte>, T> read;
    readonly Action<bool> counted;
    readonly TimeProvider time;
    readonly ILogger logger;
    volatile T current;
    volatile ActiveFile status;
    byte[] lastSeen = [];

    /// <param name="path">The file; null if there is none.</param>
    /// <param name="without">What is active without a file.</param>
    /// <param name="read">Makes something of the file's content; the path is for its messages.</param>
    /// <param name="counted">Called for each change, with whether it was accepted.</param>
    /// <exception cref="ConfigurationException">The first file is wrong.</exception>
    public ReloadedFile(
        string? path, T without, Func<string, ReadOnlyMemory<byte>, T> read, Action<bool> counted, TimeProvider time, ILogger logger)
    {
        (this.path, this.read, this.counted, this.time, this.logger) = (path, read, counted, time, logger);
        current = without;
        status = new("none", time.GetUtcNow(), null);
        if (path is not null)
        {
            Load();
        }
    }

    /// <summary>The same for a file that there must be.</summary>
    /// <exception cref="ConfigurationException">The first file is wrong.</exception>
    // The first file is active when the constructor returns, or it throws.
    public ReloadedFile(string path, Func<string, ReadOnlyMemory<byte>, T> read, Action<bool> counted, TimeProvider time, ILogger logger)
        : this(path, null!, read, counted, time, logger)
    {
    }

    public T Current => current;

    public ActiveFile Status => status;

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
            // Any error: one file that cannot be used must not prevent later reloads. Logged once for each content; the status shows it
            // for as long as it lasts.
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
        var content = Contracts.ReadAll(path!);
        var hash = SHA256.HashData(content);
        if (hash.AsSpan().SequenceEqual(lastSeen))
        {
            // The file is again the active one, after one that was rejected.
            status = status with { LastError = null };
            return;
        }

        current = read(path!, content);
        lastSeen = hash;
        status = new(Convert.ToHexStringLower(hash), time.GetUtcNow(), null);
        counted(true);
        LogAccepted(path!, status.Hash);
    }

    [LoggerMessage(LogLevel.Information, "{Path} is accepted: hash {Hash}.")]
    partial void LogAccepted(string path, string hash);

    [LoggerMessage(LogLevel.Error, "Rejected, the last valid content stays active: {Reason}")]
    partial void LogRefused(string reason);
}
