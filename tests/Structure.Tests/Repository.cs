using System.Xml.Linq;

namespace ClusterTrail.Structure.Tests;

/// <summary>The source tree that the tests were built from.</summary>
static class Repository
{
    static readonly string[] Product = ["agent", "operator", "cli"];

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<Project> Projects() =>
    [
        .. from area in Product
           from file in Directory.GetFiles(Path.Combine(Root, area), "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
           select Read(file),
    ];

    public static string Read(params string[] path) => File.ReadAllText(Path.Combine([Root, .. path]));

    static Project Read(string file)
    {
        var (folder, xml) = (Path.GetDirectoryName(file)!, XDocument.Load(file));
        return new(
            Relative(folder),
            xml.Descendants("RootNamespace").Single().Value,
            [.. xml.Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value))],
            [.. Sources(folder).Select(source => SourceFile.Parse(Relative(source), File.ReadAllText(source)))]);
    }

    static IEnumerable<string> Sources(string folder) => Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(file => Path.GetRelativePath(folder, file).Split('/')[0] is not ("bin" or "obj"));

    static string Relative(string path) => Path.GetRelativePath(Root, path);

    static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Operator.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The repository's root is not above the tests.");
        return folder.FullName;
    }
}
