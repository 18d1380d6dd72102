using ClusterTrail.Agent.Sources;

namespace ClusterTrail.Agent.Spool;

/// <summary>Where a source goes on after a restart.</summary>
static class Recovery
{
    /// <summary>The later of the saved checkpoint and the newest spooled batch; null when the source is new.</summary>
    /// <remarks>A crash may come between the two: the batch is in the spool, the checkpoint not yet moved.</remarks>
    /// <param name="damaged">Told when the checkpoint cannot be read; the spool, or the beginning of the source, takes its place.</param>
    public static Checkpoint? Find(string source, CheckpointFile file, IEnumerable<SpooledBatch> spooled, Action<string> damaged)
    {
        var saved = Load(file, damaged);
        var newest = spooled.Where(batch => batch.Header.Source == source).MaxBy(batch => batch.Header.Sequence)?.Header;
        return newest is null || saved?.NextSequence > newest.Sequence ? saved : new(newest.Sequence + 1, newest.End);
    }

    static Checkpoint? Load(CheckpointFile file, Action<string> damaged)
    {
        try
        {
            return file.Load();
        }
        catch (InvalidDataException e)
        {
            File.Move(file.Path, file.Path + ".damaged", overwrite: true);
            damaged(e.Message);
            return null;
        }
    }
}
