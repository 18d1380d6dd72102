namespace ClusterTrail.Agent.Sources;

/// <summary>What is known of a file in the log's folder; it holds until the content changes, whatever the file is called.</summary>
sealed class Content(FileNumber number, TimeProvider time)
{
    FileStatus status;
    long changedAt = time.GetTimestamp();

    public FileNumber Number => number;

    /// <summary>Null for the live file.</summary>
    public SiblingName? Name { get; private set; }

    public string Path { get; private set; } = "";

    public FileStatus Status => status;

    public bool IsLive => Name is null;

    /// <summary>Whether it has a name that rotation gives, or the live one: else it is a copy that somebody made, and no step of the
    /// log.</summary>
    public bool IsStep => Name is not { Grade: not NameGrade.Certain };

    public ContentState State { get; set; }

    public FirstLine? First { get; set; }

    public CompressedFormat? Format { get; set; }

    /// <summary>The lines that it has; null while that is not known.</summary>
    public LedgerFile? File { get; set; }

    /// <summary>What is remembered of it, should it go away; null when there is nothing to read in it, or it is open.</summary>
    public Sighting? Seen
    {
        get;
        set
        {
            field = value;
            IsSeenChecked = false;
        }
    }

    /// <summary>Whether <see cref="Seen"/> was compared with the content since that changed.</summary>
    public bool IsSeenChecked { get; set; }

    /// <summary>What was looked for in it and not found.</summary>
    public HashSet<Sighting> Lacks { get; } = [];

    public FileTrouble Trouble { get; } = new(time);

    /// <summary>Why it is not read, for people; null when there is nothing to say.</summary>
    public string? Reason { get; set; }

    /// <summary>How long its content has been as it is.</summary>
    public TimeSpan QuietFor => time.GetElapsedTime(changedAt);

    /// <summary>How long it has had its name and content.</summary>
    public TimeSpan SettledFor => time.GetUtcNow() - status.Changed;

    /// <summary>Whether nothing of it needs to be looked at until it changes.</summary>
    public bool IsSettled => State is ContentState.Known or ContentState.Unread;

    /// <summary>The name without a compression's ending; null for the live file.</summary>
    public string? PlainName => Name is null ? null : SiblingName.PlainOf(Name.Name);

    public void See(SiblingName? name, string path, FileStatus now)
    {
        (Name, Path) = (name, path);
        var isSame = now.HasContentOf(status);
        status = now;
        if (!isSame)
        {
            changedAt = time.GetTimestamp();
            (State, First, Format, Reason, File) = (ContentState.Unknown, null, null, null, null);
            IsSeenChecked = false;
            Lacks.Clear();
            Trouble.Passed();
        }
    }
}
