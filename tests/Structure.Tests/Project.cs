namespace ClusterTrail.Structure.Tests;

/// <summary>A project of the product: its folder, its root namespace, the projects that it refers to, and its sources.</summary>
sealed record Project(string Folder, string Namespace, IReadOnlyList<string> References, IReadOnlyList<SourceFile> Sources)
{
    public string Name => Folder[(Folder.LastIndexOf('/') + 1)..];

    /// <summary>The namespace that a file of this folder should have.</summary>
    public string NamespaceOf(string folder) =>
        folder.Length == Folder.Length ? Namespace : $"{Namespace}{folder[Folder.Length..].Replace('/', '.')}";
}
