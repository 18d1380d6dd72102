using ClusterTrail.Agent.Files;
using ClusterTrail.Contract;

namespace ClusterTrail.Agent;

/// <summary>The folder of an agent's checkpoints and spool, held by one agent at a time.</summary>
sealed class StateFolder : IDisposable
{
    readonly string path;
    readonly FileStream held;

    StateFolder(string path, FileStream held)
    {
        this.path = path;
        this.held = held;
    }

    public string SpoolPath => Path.Combine(path, "spool");

    public string NotificationsPath => Path.Combine(path, "notifications");

    public string CheckpointPath(string source) => Path.Combine(path, $"{source}.checkpoint");

    /// <summary>Where what is remembered of a source's lines lies.</summary>
    public string LinesPath(string source) => Path.Combine(path, "lines", source);

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
            return new(path, new FileStream(Path.Combine(path, "lock"), options));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"stateDirectory {path} is in use by another agent, or cannot be written: {e.Message}", e);
        }
    }

    public void Dispose() => held.Dispose();
}
