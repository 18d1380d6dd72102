using ClusterTrail.Agent.Files;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Contract.Reading;

namespace ClusterTrail.Agent;

/// <summary>The folder of an agent's checkpoints and spool, held by one agent at a time.</summary>
/// <remarks>
/// What is locked is an open file, and what is written to is a path: if an admin moves or removes the folder, these are different, and
/// another agent may hold what the path refers to now. Guarantee: in that case nothing is written until the folder is back.
/// </remarks>
sealed class StateFolder : IDisposable
{
    const string LockName = "lock";

    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    readonly string path;
    readonly FileStream held;
    readonly FileNumber number;
    // Some file systems number what is opened otherwise than what is named: there the two cannot be compared.
    readonly bool canCompare;
    volatile string? problem;

    StateFolder(string path, FileStream held)
    {
        (this.path, this.held) = (path, held);
        number = FileStatus.Of(held.SafeFileHandle).Number;
        canCompare = FileStatus.Of(LockPath)?.Number == number;
    }

    /// <summary>Why nothing may be written now; null while the folder is held.</summary>
    public string? Problem => problem;

    string LockPath => Path.Combine(path, LockName);

    public string SpoolPath => Path.Combine(path, "spool");

    /// <summary>Where the chain of digests and its keys lie.</summary>
    public string IntegrityPath => Path.Combine(path, "integrity");

    /// <summary>Which key records of the operator were taken.</summary>
    public string KeyRecordsPath => Path.Combine(IntegrityPath, "records");

    public string NotificationsPath => Path.Combine(path, "notifications");

    /// <summary>The file with the labels of pods that the operator sent last.</summary>
    public string LabelsPath => Path.Combine(path, "labels.json");

    public string CheckpointPath(string source) => Path.Combine(path, $"{source}.checkpoint");

    /// <summary>Where what is remembered of a source's lines lies.</summary>
    public string LinesPath(string source) => Path.Combine(path, "lines", source);

    /// <summary>The file with what is usual of a source's events.</summary>
    public string InsightsPath(string source) => Path.Combine(path, "insights", $"{source}.state");

    /// <summary>Where what cannot be read twice of a source waits to be read.</summary>
    public string JournalPath(string source) => Path.Combine(path, "journal", source);

    /// <summary>Takes the folder for this agent, until disposed of or killed.</summary>
    /// <exception cref="ConfigurationException">Another agent has it, or it cannot be written.</exception>
    public static StateFolder Take(string path)
    {
        try
        {
            DurableDirectory.Create(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"stateDirectory {path} cannot be made: {e.Message}", e);
        }

        try
        {
            // flock(2): the kernel lets go of it when the process ends, however it ends.
            var options = new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            return new(path, new FileStream(Path.Combine(path, LockName), options));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"stateDirectory {path} is in use by another agent, or cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Makes sure that an agent could take the folder, for those who only check: it is not made, and not locked.</summary>
    /// <exception cref="ConfigurationException">It, or the nearest parent that exists, is not a folder or cannot be written.</exception>
    public static void Check(string path)
    {
        var existing = path;
        while (!Path.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
        {
            existing = parent;
        }

        if (!Directory.Exists(existing))
        {
            throw new ConfigurationException($"stateDirectory {path} cannot be made: {existing} is not a directory.");
        }

        if (!DurableDirectory.IsWritable(existing))
        {
            throw new ConfigurationException(
                $"stateDirectory {path} cannot be written: {existing} is read-only, or its mode denies this user.");
        }
    }

    /// <summary>Makes sure that the folder is still the one that is held.</summary>
    /// <exception cref="StateFolderLostException">It is not.</exception>
    public void EnsureHeld()
    {
        if (Look() is { } reason)
        {
            throw new StateFolderLostException(reason);
        }
    }

    /// <summary>Checks it until it is stopped, or until the directory is removed.</summary>
    /// <param name="lost">Called once each time that it is not held any more.</param>
    /// <exception cref="StateFolderLostException">It was removed, and cannot come back.</exception>
    public async Task WatchAsync(Action<string> lost, TimeProvider time, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        do
        {
            var before = problem;
            if (Look() is { } reason && before != reason)
            {
                lost(reason);
            }

            if (problem is not null && IsRemoved())
            {
                throw new StateFolderLostException(problem);
            }
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    public void Dispose() => held.Dispose();

    string? Look() => problem = !canCompare || FileStatus.Of(LockPath)?.Number == number ? null : Sentence();

    string Sentence() => IsRemoved()
        ? $"stateDirectory {path} was removed while the agent ran, and with it the undelivered batches. The agent stops; "
            + "the next start creates a new one and records again what the log still has."
        : $"stateDirectory {path} was moved away or covered while the agent ran: the directory at that path now is not the agent's. "
            + "The agent writes nothing until the directory is back. Restore it, or stop the agent.";

    // What the kernel says of an open file without a name.
    bool IsRemoved()
    {
        var link = new FileInfo($"/proc/self/fd/{held.SafeFileHandle.DangerousGetHandle()}").LinkTarget;
        return link is not null && link.EndsWith(" (deleted)", StringComparison.Ordinal);
    }
}
