using System.Text.RegularExpressions;

namespace ClusterTrail.Structure.Tests;

/// <summary>What a file of C# says about where it belongs and what it may use.</summary>
/// <param name="Path">Its path in the repository, with slashes.</param>
/// <param name="Namespace">Null for a program's top-level statements.</param>
/// <param name="Usings">The namespaces that it imports; of a <c>using static</c>, that of the type.</param>
/// <param name="Types">The types that it declares in its namespace.</param>
/// <param name="Names">All capitalised names in its code, with what is joined to them by dots: <c>Console.Error</c>.</param>
sealed partial record SourceFile(
    string Path, string? Namespace, IReadOnlySet<string> Usings, IReadOnlySet<string> Types, IReadOnlySet<string> Names)
{
    public string Folder => Path[..Path.LastIndexOf('/')];

    public static SourceFile Parse(string path, string text)
    {
        var code = Ignored().Replace(text, " ");
        var usings = Imports().Matches(code).Select(match =>
            match.Groups["static"].Success ? Parent(match.Groups["name"].Value) : match.Groups["name"].Value);
        var named = Dotted().Matches(Imports().Replace(code, ""));
        return new(
            path,
            NamespaceLine().Match(code) is { Success: true } line ? line.Groups["name"].Value : null,
            usings.ToHashSet(),
            Declarations().Matches(code).Select(match => match.Groups["name"].Value).ToHashSet(),
            named.Select(match => match.Value).ToHashSet());
    }

    public static string Parent(string @namespace) => @namespace.LastIndexOf('.') is var dot and >= 0 ? @namespace[..dot] : "";

    // Comments, and strings in which nothing is filled in.
    [GeneratedRegex(
        """//[^\n]*|/\*.*?\*/|(?<!\$)\"\"\".*?\"\"\"|(?<![$@"])"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)'""", RegexOptions.Singleline)]
    private static partial Regex Ignored();

    [GeneratedRegex(@"^using (?<static>static )?(?:\w+ = )?(?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Imports();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    // At the beginning of a line: a nested type belongs to its own.
    [GeneratedRegex(@"^(?:[a-z]+ )*(?:class|record struct|record|struct|interface|enum) (?<name>[A-Z]\w*)", RegexOptions.Multiline)]
    private static partial Regex Declarations();

    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*(?:\.[A-Z]\w*)*")]
    private static partial Regex Dotted();
}
