using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources;

/// <summary>Which known files are there, by what lies in the folder and what is open.</summary>
/// <param name="There">Those that can be read on.</param>
/// <param name="Needed">Those that files in the folder are, or begin like.</param>
/// <param name="Named">Those that have a name in the folder.</param>
/// <param name="Numbers">The files in the folder.</param>
sealed record Presence(HashSet<FileId> There, HashSet<FileId> Needed, HashSet<FileId> Named, HashSet<FileNumber> Numbers)
{
    public static Presence Of(IReadOnlyList<Content> contents, IReadOnlyList<FollowedFile> open)
    {
        var presence = new Presence([], [], [], [.. contents.Select(content => content.Number)]);
        foreach (var content in contents)
        {
            presence.Note(content);
        }

        var steps = contents.Where(content => content.Name is not { Grade: not NameGrade.Certain }).Select(content => content.Number).ToHashSet();

        foreach (var file in open)
        {
            // A file held open is there, whatever became of its name; unless it cannot be read and has none.
            if (file.Trouble.Message is null || presence.Numbers.Contains(file.Number))
            {
                presence.Note(file, steps);
            }
        }

        return presence;
    }

    void Note(Content content)
    {
        foreach (var file in content.Files)
        {
            Needed.Add(file.Id);
            if (content.State is not (ContentState.Known or ContentState.Open))
            {
                There.Add(file.Id);
            }

            // A copy that somebody made outlives what rotation keeps.
            var isThis = !content.IsUndecided || (content.Format is not null && content.Files.Count == 1);
            if (isThis && content.State != ContentState.Open && content.Name is not { Grade: NameGrade.Possible } && (content.Format is not null || content.Status.Size >= file.Offset))
            {
                Named.Add(file.Id);
            }
        }

        There.Add(LedgerFile.OfInode(content.Number));
    }

    void Note(FollowedFile file, HashSet<FileNumber> steps)
    {
        There.Add(LedgerFile.OfInode(file.Number));
        foreach (var known in file.Known is { } one ? [one] : file.Comparison?.Candidates ?? [])
        {
            Needed.Add(known.Id);
            // What has no more than a known file has lacks what is missing of that.
            if (file.Known is not null || !file.IsAtEnd)
            {
                There.Add(known.Id);
            }
        }

        if (file.Known is { } read && steps.Contains(file.Number))
        {
            Named.Add(read.Id);
        }
    }
}
