using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Archive;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Contract.Status;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent.Sinks;

/// <summary>Whose canaries they are.</summary>
readonly record struct CanaryOwner(string Cluster, string Trail, string Node, string Chain);

/// <summary>Tries at the start and daily whether what the agent stores can be changed, and remembers what it found.</summary>
sealed partial class ImmutabilityWatch(ICanary canary, CanaryOwner owner, TimeProvider time, ILogger<ImmutabilityWatch> logger)
{
    static readonly TimeSpan Daily = TimeSpan.FromDays(1);

    // Nothing was found out: the store was away, or said something unexpected.
    static readonly TimeSpan Again = TimeSpan.FromMinutes(15);

    static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    volatile ImmutabilityStatus? status;
    TimeSpan? pause;
    long triedAt;

    /// <summary>What was found last; null until the first attempt has ended.</summary>
    public ImmutabilityStatus? Status => status;

    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        do
        {
            await TurnAsync(stopping);
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    /// <summary>Tries if it is due.</summary>
    public async Task TurnAsync(CancellationToken stopping)
    {
        if (pause is { } wait && time.GetElapsedTime(triedAt) < wait)
        {
            return;
        }

        var found = await TryAsync(stopping);
        (pause, triedAt) = (found.Immutable is null ? Again : Daily, time.GetTimestamp());
    }

    /// <summary>Tries once.</summary>
    public async Task<ImmutabilityStatus> TryAsync(CancellationToken stopping)
    {
        var before = status;
        var now = await FindAsync(Make(), stopping);
        // An outage of a quarter of an hour does not undo what is known.
        status = now.Immutable is null && before?.Immutable is not null && now.At - before.At < Daily + Daily ? before : now;
        if (now.Reason != before?.Reason)
        {
            Log(now);
        }

        return now;
    }

    // Whatever goes wrong is an answer too: a watch that has ended would leave the last one standing.
    async Task<ImmutabilityStatus> FindAsync(SealedObject made, CancellationToken stopping)
    {
        try
        {
            return await canary.TryAsync(made, stopping);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            return new()
            {
                At = time.GetUtcNow(),
                Immutable = null,
                Reason = "CanaryFailed",
                Message = $"The canary could not be tried: {e.Message}",
                Object = made.Name,
            };
        }
    }

    void Log(ImmutabilityStatus found)
    {
        if (found.Immutable == true)
        {
            LogImmutable(found.Message);
        }
        else
        {
            LogNotImmutable(found.Reason, found.Message);
        }
    }

    SealedObject Make()
    {
        var now = time.GetUtcNow();
        var content = Encoding.UTF8.GetBytes(
            new JsonObject
            {
                ["kind"] = "Canary",
                ["cluster"] = owner.Cluster,
                ["trail"] = owner.Trail,
                ["node"] = owner.Node,
                ["chain"] = owner.Chain,
                ["time"] = SignedTime.Text(now),
                ["text"] = "The agent stores this object, tries to overwrite and to delete it, and expects to be refused.",
            }.ToJsonString() + "\n");
        var sha256 = SHA256.HashData(content);
        var name = CanaryName.Of(owner.Cluster, owner.Trail, owner.Node, owner.Chain, now, Convert.ToHexStringLower(sha256));
        return new(name, content, sha256);
    }

    [LoggerMessage(LogLevel.Information, "What is stored cannot be changed with the agent's credentials: {Message}")]
    partial void LogImmutable(string message);

    [LoggerMessage(LogLevel.Warning, "It is not certain that what is stored cannot be changed: {Reason}: {Message}")]
    partial void LogNotImmutable(string reason, string message);
}
