using ClusterTrail.Agent.Sources;

namespace ClusterTrail.Agent.Spool;

/// <summary>Where a source continues after a restart.</summary>
/// <param name="Start">What is safe, in the spool or in the sink; null when the source is new.</param>
/// <param name="Unconfirmed">
/// The newest spooled batch, when the checkpoint on disk does not know it: it may be delivered only once that does.
/// </param>
/// <remarks>
/// A crash may come between the two: the batch is in the spool, the checkpoint not yet moved. Were the batch delivered, and with that
/// gone from the spool, a second crash would find no sign that it was ever read.
/// </remarks>
sealed record Recovery(Checkpoint? Start, SpooledBatch? Unconfirmed)
{
    /// <summary>The later of the saved checkpoint and the newest spooled batch.</summary>
    /// <param name="damaged">Called when the checkpoint cannot be read; the spool, or the beginning of the source, takes its place.</param>
    public static Recovery Find(string source, CheckpointFile file, BatchSpool spool, Action<string> damaged)
    {
        var saved = Load(file, damaged);
        if (spool.Newest(source) is not var (newest, end) || saved?.NextSequence > newest.Sequence)
        {
            return new(saved, null);
        }

        // Its progress is gone only where two files are damaged, this one's successor and the checkpoint: rather twice than never.
        return new(new(newest.Sequence + 1, end ?? saved?.Progress ?? SourceProgress.Empty), newest);
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
            // Not null: a new source that starts at the end must not skip what was not read of an old one.
            return new(1, SourceProgress.Empty);
        }
    }
}
