using ClusterTrail.Agent.Files;

namespace ClusterTrail.Agent.Spool;

/// <summary>Where damaged files of a spool go.</summary>
sealed class SpoolQuarantine(string folder, TimeProvider time)
{
    /// <summary>Moves what is left of a file, if there is anything.</summary>
    public void Take(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        var aside = Path.Combine(folder, "quarantine");
        DurableDirectory.Create(aside);
        File.Move(path, Path.Combine(aside, $"{Path.GetFileName(path)}-{time.GetUtcNow():yyyyMMddTHHmmssfff}"), overwrite: true);
    }
}
