using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources;

/// <summary>What of the known files is there, by what lies in the folder and what is open.</summary>
/// <param name="Roots">The first lines that files have.</param>
/// <param name="Named">The known files that have a name in the folder.</param>
/// <param name="Numbers">The files in the folder.</param>
sealed record Presence(HashSet<FileId> Roots, HashSet<FileId> Named, HashSet<FileNumber> Numbers)
{
    public static Presence Of(IReadOnlyList<Content> contents, IReadOnlyList<FollowedFile> open)
    {
        var presence = new Presence([], [], [.. contents.Select(content => content.Number)]);
        foreach (var content in contents)
        {
            presence.Note(content);
        }

        var steps = contents.Where(content => content.IsStep).Select(content => content.Number).ToHashSet();
        foreach (var file in open)
        {
            presence.Note(file.First);
            if (file is { IsDecided: true, Known: { } known } && steps.Contains(file.Number))
            {
                presence.Named.Add(known.Id);
            }
        }

        return presence;
    }

    void Note(Content content)
    {
        Note(content.First);
        if (content is { File: { } file, State: not ContentState.Open, IsStep: true }
            && (content.Format is not null || content.Status.Size >= file.Offset))
        {
            Named.Add(file.Id);
        }
    }

    void Note(FirstLine? first)
    {
        if (first is not null)
        {
            Roots.Add(first.Root);
        }
    }
}
