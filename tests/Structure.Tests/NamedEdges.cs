using System.Text.RegularExpressions;

namespace ClusterTrail.Structure.Tests;

/// <summary>The edges that a page of the documentation names.</summary>
/// <remarks>
/// They stand in a block <c>edges</c>. A project has a line with the projects that it uses, <c>Agent: Archive Rules</c>, and one or several
/// with its folders, apart by semicolons: <c>Agent: . → Files Spool; Spool Sinks → Files</c>. The dot is the project's own folder.
/// </remarks>
static partial class NamedEdges
{
    public static IReadOnlySet<Edge> OfProjects(string page) =>
        (from line in Lines(page)
         where !line.Right.Contains('→', StringComparison.Ordinal)
         from used in line.Right.Split(' ', StringSplitOptions.RemoveEmptyEntries)
         select new Edge(line.Left, used)).ToHashSet();

    public static IReadOnlySet<Edge> OfFolders(string page) =>
        (from line in Lines(page)
         where line.Right.Contains('→', StringComparison.Ordinal)
         from folder in line.Right.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
         let sides = folder.Split('→', StringSplitOptions.TrimEntries)
         from user in sides[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)
         from used in sides[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)
         select new Edge(Named(line.Left, user), Named(line.Left, used))).ToHashSet();

    /// <summary>The lines that name these edges, one a project.</summary>
    public static string TextOfProjects(IEnumerable<Edge> edges) => string.Join('\n',
        from edge in edges.Order()
        group edge.To by edge.From into project
        select $"{project.Key}: {string.Join(' ', project)}");

    /// <summary>The lines that name these edges, one a project.</summary>
    public static string TextOfFolders(IEnumerable<Edge> edges) => string.Join('\n',
        from edge in edges.Order()
        group Below(edge.To) by edge.From into folder
        group Below(folder.Key) by (Project: folder.Key.Split('/')[0], Uses: string.Join(' ', folder)) into same
        group $"{string.Join(' ', same)} → {same.Key.Uses}" by same.Key.Project into project
        select $"{project.Key}: {string.Join("; ", project)}");

    static string Below(string folder) => folder.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? folder[(slash + 1)..] : ".";

    static string Named(string project, string folder) => folder == "." ? project : $"{project}/{folder}";

    static IEnumerable<(string Left, string Right)> Lines(string page) =>
        from line in Fence().Match(page).Groups["lines"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        let colon = line.IndexOf(':', StringComparison.Ordinal)
        select (line[..colon].Trim(), line[(colon + 1)..]);

    [GeneratedRegex("^```edges\n(?<lines>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
