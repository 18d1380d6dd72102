using ClusterTrail.Rules.Events;
namespace ClusterTrail.Agent.Sources;

/// <summary>Which files of a log were read how far, and which were lost: the memory of a follower.</summary>
sealed class FileLedger
{
    // Finished files that are gone are remembered a while: a listing may miss a file that is just being renamed.
    const int Remembered = 256;
    const int MaxGaps = 1000;

    readonly OrderedDictionary<FileId, FileProgress> files = [];
    readonly Dictionary<FileId, long> missingSince = [];
    readonly List<Gap> gaps;
    readonly TimeProvider time;
    readonly TimeSpan patience;

    public FileLedger(SourceProgress state, TimeProvider time, TimeSpan patience)
    {
        this.time = time;
        this.patience = patience;
        gaps = [.. state.Gaps];
        foreach (var file in state.Files)
        {
            files[FileId.Parse(file.File)] = file;
        }
    }

    public SourceProgress Progress => new() { Files = [.. files.Values], Gaps = [.. gaps] };

    /// <summary>Told of each gap when it is noticed.</summary>
    public Action<Gap> GapFound { get; set; } = _ => { };

    public FileProgress? Of(FileId id) => files.GetValueOrDefault(id);

    public void Advance(FileId id, long offset, long length) => files[id] = new(id.ToString(), offset, length, Finished: false);

    public void Finish(FileId id, long offset) => files[id] = new(id.ToString(), offset, offset, Finished: true);

    public void AddGap(FileId id, long offset, long? bytes, string reason)
    {
        // A damaged file is found damaged again when it is looked at again, also after a restart.
        if (gaps.Exists(known => known.File == id.ToString() && known.Offset == offset && known.Reason == reason))
        {
            return;
        }

        var gap = new Gap(id.ToString(), offset, bytes, reason, time.GetUtcNow());
        gaps.Add(gap);
        if (gaps.Count > MaxGaps)
        {
            gaps.RemoveAt(0);
        }

        GapFound(gap);
    }

    /// <summary>Notes which files there are: an unfinished one that stays away is a gap, a finished one is forgotten in time.</summary>
    public void Compare(IReadOnlySet<FileId> present)
    {
        foreach (var id in files.Keys.Where(present.Contains))
        {
            missingSince.Remove(id);
        }

        foreach (var (id, file) in files.Where(file => !file.Value.Finished && !present.Contains(file.Key)).ToList())
        {
            if (!missingSince.TryAdd(id, time.GetTimestamp()) && time.GetElapsedTime(missingSince[id]) >= patience)
            {
                // Remembered all the same: should it come back, on a volume that was away, it goes on from there.
                files[id] = file with { Finished = true };
                missingSince.Remove(id);
                AddGap(id, file.Offset, file.Length > file.Offset ? file.Length - file.Offset : null, "Vanished");
            }
        }

        foreach (var (id, _) in files.Where(file => file.Value.Finished && !present.Contains(file.Key)).SkipLast(Remembered).ToList())
        {
            files.Remove(id);
            missingSince.Remove(id);
        }
    }

    /// <summary>Looks for missing files anew: where there is no log at all, nobody can say what is lost of it.</summary>
    /// <remarks>The path may be wrong, or its volume not there yet. A file that is truly gone is a gap when there is a log again.</remarks>
    public void StopWaiting() => missingSince.Clear();

    /// <summary>Whether a file is missing and may yet be declared lost.</summary>
    public bool IsWaiting => missingSince.Count > 0;
}
