namespace ClusterTrail.Agent.Sources;

/// <summary>What lies in the log's folder: each content once, and looked into again only when it has changed.</summary>
sealed class Contents(string livePath, TimeProvider time)
{
    readonly Dictionary<FileNumber, Content> byNumber = [];

    /// <summary>What was there at the last look, oldest first; the live file is the last.</summary>
    public IReadOnlyList<Content> All { get; private set; } = [];

    /// <summary>Files of which not even the kind is known, and why.</summary>
    public IReadOnlyList<string> Troubles { get; private set; } = [];

    public void Update(IReadOnlyList<FolderEntry> entries, FileStatus? live)
    {
        var seen = new HashSet<FileNumber>();
        var all = new List<Content>(entries.Count + 1);
        if (live is { } status)
        {
            seen.Add(status.Number);
        }

        foreach (var entry in entries)
        {
            if (entry.Status is { } found && seen.Add(found.Number))
            {
                all.Add(See(entry.Name, entry.Path, found));
            }
        }

        if (live is { } now)
        {
            all.Add(See(null, livePath, now));
        }

        foreach (var gone in byNumber.Keys.Where(number => !seen.Contains(number)).ToList())
        {
            byNumber.Remove(gone);
        }

        All = all;
        Troubles = [.. entries.Select(entry => entry.Trouble).OfType<string>()];
    }

    public Content? Of(FileNumber number) => byNumber.GetValueOrDefault(number);

    Content See(SiblingName? name, string path, FileStatus status)
    {
        if (!byNumber.TryGetValue(status.Number, out var content))
        {
            byNumber[status.Number] = content = new(status.Number, time);
        }

        content.See(name, path, status);
        return content;
    }
}
