namespace ClusterTrail.Structure.Tests;

/// <summary>Which projects and folders of the product use which others.</summary>
/// <remarks>
/// Caveats: sources are read and not compiled. Of a namespace around it, a file sees all without importing it; there a name counts as a use
/// if a type is called so. A call of an extension method from such a namespace goes by unseen.
/// </remarks>
sealed class Structure(IReadOnlyList<Project> projects)
{
    /// <summary>Project to project, as the projects' files say.</summary>
    public IReadOnlySet<Edge> ProjectEdges { get; } =
        projects.SelectMany(project => project.References.Select(reference => new Edge(project.Name, reference))).ToHashSet();

    /// <summary>Folder to folder within each project, as <c>Project/Folder</c>.</summary>
    public IReadOnlySet<Edge> FolderEdges { get; } = projects.SelectMany(EdgesOf).ToHashSet();

    /// <summary>The files whose namespace is not that of their folder.</summary>
    public IReadOnlyList<string> Misplaced { get; } =
    [
        .. from project in projects
           from source in project.Sources
           where source.Namespace is { } given && given != project.NamespaceOf(source.Folder)
           select $"{source.Path}: {source.Namespace}",
    ];

    /// <summary>The names that several types of one program have, with their files.</summary>
    public IReadOnlyList<string> SharedNames(string program)
    {
        var types =
            from project in Reachable(program)
            from source in project.Sources
            from type in source.Types
            select (type, source.Folder);
        return
        [
            .. from one in types.Distinct() group one.Folder by one.type into same where same.Count() > 1 orderby same.Key select same.Key,
        ];
    }

    /// <summary>The edges that are part of a circle.</summary>
    public static IReadOnlyList<Edge> Circular(IReadOnlySet<Edge> edges)
    {
        var next = edges.ToLookup(edge => edge.From, edge => edge.To);
        return [.. edges.Where(edge => Leads(edge.To, edge.From, next, [])).Order()];
    }

    static bool Leads(string from, string to, ILookup<string, string> next, HashSet<string> seen) =>
        from == to || (seen.Add(from) && next[from].Any(step => Leads(step, to, next, seen)));

    static IEnumerable<Edge> EdgesOf(Project project)
    {
        var typesOf = project.Sources.GroupBy(source => source.Folder)
            .ToDictionary(folder => folder.Key, folder => folder.SelectMany(source => source.Types).ToHashSet());
        return
            from source in project.Sources
            from used in typesOf.Keys
            where used != source.Folder
                && Uses(source, project.NamespaceOf(source.Folder), project.NamespaceOf(used), typesOf[used].Except(typesOf[source.Folder]))
            select new Edge(Named(project, source.Folder), Named(project, used));
    }

    static bool Uses(SourceFile source, string own, string used, IEnumerable<string> types) =>
        source.Usings.Contains(used)
            || types.SelectMany(type => NamesOf(type, own, used)).Any(name => source.Names.Any(chain => IsAtTheStart(name, chain)));

    // A type of a namespace around the own one needs no using. Others can be named with so much of their namespace as the own one does not
    // share.
    static IEnumerable<string> NamesOf(string type, string own, string used)
    {
        var shared = own;
        while (shared.Length > 0 && shared != used && !used.StartsWith($"{shared}.", StringComparison.Ordinal))
            shared = SourceFile.Parent(shared);
        for (var around = shared; ; around = SourceFile.Parent(around))
        {
            yield return around.Length == 0 ? $"{used}.{type}" : $"{used}.{type}"[(around.Length + 1)..];
            if (around.Length == 0)
                yield break;
        }
    }

    static bool IsAtTheStart(string name, string chain) =>
        chain == name || chain.StartsWith($"{name}.", StringComparison.Ordinal);

    static string Named(Project project, string folder) => $"{project.Name}{folder[project.Folder.Length..]}";

    HashSet<Project> Reachable(string name)
    {
        var seen = new HashSet<Project>();
        Add(projects.Single(project => project.Name == name));
        return seen;

        void Add(Project project)
        {
            if (seen.Add(project))
                project.References.ToList().ForEach(reference => Add(projects.Single(other => other.Name == reference)));
        }
    }
}
