namespace ClusterTrail.Agent.Sources;

/// <summary>When the log's folder is looked at: often for the live file, and for the others when something may have changed.</summary>
sealed class FolderWatch(
    ILogFiles files, LogScan scan, Contents contents, Sightings sightings, List<FollowedFile> open, FollowerReport report,
    TimeProvider time)
{
    static readonly TimeSpan ScanEvery = TimeSpan.FromSeconds(10);

    readonly FileTrouble trouble = new(time);
    bool scanWanted = true;
    long scannedAt;
    long lookedAt;
    FileNumber? lastLive;

    /// <summary>Whether there was a live file at the last look.</summary>
    public bool HasLive => lastLive is not null;

    /// <summary>Why the folder cannot be looked at; null while it can.</summary>
    public string? Trouble => trouble.Message;

    /// <summary>Makes the next look one at all files.</summary>
    public void WantScan() => scanWanted = true;

    /// <summary>Looks; false when the folder cannot be read.</summary>
    /// <param name="found">Whether there is more to read than before, perhaps.</param>
    public bool TryLook(out bool found)
    {
        found = false;
        if (trouble.MustWait)
        {
            return false;
        }

        try
        {
            found = Look();
            trouble.Passed();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            trouble.Met(e.Message);
            report.ReadFailed(e.Message);
            return false;
        }
    }

    /// <summary>Notes what the open files look like, and how far they were read.</summary>
    public void SaveAll()
    {
        foreach (var file in open)
        {
            file.Save();
            sightings.Note(file);
        }
    }

    bool Look()
    {
        // Before the look: the process may be stopped right after it.
        var now = time.GetTimestamp();
        var live = files.Live();
        var justLive = LastLook();
        (lastLive, lookedAt) = (live?.Number, now);
        var hasRetired = RetireAllBut(live?.Number);
        if (!scanWanted && !sightings.IsWaiting && (live is null || IsFamiliar(live.Value)) && time.GetElapsedTime(scannedAt) < ScanEvery)
        {
            return hasRetired;
        }

        (scanWanted, scannedAt) = (false, time.GetTimestamp());
        SaveAll();
        scan.Run(live, justLive);
        return true;
    }

    // It is open, or it was tried and is as it was then.
    bool IsFamiliar(FileStatus live) => open.Exists(file => file.Number == live.Number)
        || (contents.Of(live.Number) is { } content && content.Status.HasContentOf(live)
            && (content.Trouble.Message is not null || content.IsSettled));

    JustLive LastLook()
    {
        var had = open.Find(file => lastLive is { } number ? file.Number == number : !file.IsRetired);
        return new(had?.Known, lastLive is null, time.GetElapsedTime(lookedAt));
    }

    // A file deleted under its writer may still grow, until there is a new one in its place.
    bool RetireAllBut(FileNumber? live)
    {
        List<FollowedFile> retired = live is null ? [] : open.FindAll(file => !file.IsRetired && file.Number != live);
        retired.ForEach(file => file.Retire());
        return retired.Count > 0;
    }
}
