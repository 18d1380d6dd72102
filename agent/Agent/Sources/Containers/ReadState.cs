using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources.Containers;

/// <summary>How far a log was read, whatever file has it now.</summary>
sealed class ReadState(string path, FileId id, PartialLines partials)
{
    public string Path => path;

    public FileId Id => id;

    public long Offset { get; set; }

    public long Size { get; set; }

    public bool IsLive { get; set; }

    /// <summary>Whether what follows cannot be decompressed, which was told.</summary>
    public bool IsDamaged { get; set; }

    public PartialLine Output { get; } = partials.New();

    public PartialLine Error { get; } = partials.New();

    /// <summary>The file that is read for it; null when none is.</summary>
    public ContainerFile? Holder { get; set; }

    /// <summary>Whether it was read to its end while it was held open, so that nothing is lost when it goes away.</summary>
    public bool IsEnded { get; set; }

    /// <summary>Whether a deleted log of it was closed unread, because such logs took too much of the disk.</summary>
    public bool IsGivenUp { get; set; }

    public long? MissingSince { get; set; }

    /// <summary>Where reading goes on: lines that have no end yet are read again.</summary>
    public long ReadFrom => Math.Min(Offset, Math.Min(Output.From ?? Offset, Error.From ?? Offset));

    public static ReadState Parse(ContainerProgress saved, PartialLines partials)
    {
        var state = new ReadState(saved.Path, FileId.Parse(saved.File), partials)
        {
            Offset = saved.Offset,
            Size = saved.Size,
            IsLive = saved.Live is true,
            IsDamaged = saved.Damaged is true,
        };
        state.Output.Expect(saved.Output);
        state.Error.Expect(saved.Error);
        return state;
    }

    public ContainerProgress ToProgress() => new(path, id.ToString(), Offset, Math.Max(Offset, Size))
    {
        Live = IsLive ? true : null,
        Damaged = IsDamaged ? true : null,
        Output = Output.From,
        Error = Error.From,
    };

    public void Clear()
    {
        var (output, error) = (Output.From, Error.From);
        Output.Clear();
        Error.Clear();
        // The next file that has it reads them again.
        Output.Expect(output);
        Error.Expect(error);
    }
}
