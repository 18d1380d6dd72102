namespace ClusterTrail.Agent.Sources;

/// <summary>What it means that a file leaves the lines of another one: it was cut, it is a copy that was written on, or it is the log's
/// next file.</summary>
sealed class Forks(FileLedger ledger, Sightings sightings)
{
    /// <summary>Notes it for a file.</summary>
    public LineWalk.Forked Note(FollowedFile file) => (fork, parent) => Note(file, fork, parent);

    void Note(FollowedFile file, LedgerFile fork, LedgerFile parent)
    {
        // Nothing but a header is shared: it is the next file of the log, and not one that was cut.
        if (!file.SharesEvents)
        {
            fork.IsNew = true;
            return;
        }

        fork.FirstEvent = parent.FirstEvent;
        sightings.NoteCut(parent, file.Number);
        if (ledger.Newest == parent.Id)
        {
            ledger.Newest = fork.Id;
        }
    }
}
