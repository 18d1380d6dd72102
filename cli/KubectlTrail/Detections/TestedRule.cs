using ClusterTrail.Contract;
using ClusterTrail.Contract.Detections;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Input;

namespace ClusterTrail.Kubectl.Detections;

/// <summary>A rule with its lists filled in, and its tests.</summary>
/// <param name="Pack">The pack's name; null for a rule of a file.</param>
sealed record TestedRule(string? Pack, DetectionRule Rule, IReadOnlyList<RuleTests> Tests)
{
    const string TestsSuffix = ".tests.yaml";

    /// <summary>The rules of the built-in packs.</summary>
    internal static IReadOnlyList<TestedRule> OfPacks()
    {
        var lists = new NamedLists(NamedLists.Union(Packs.All.Select(pack => pack.Content.Lists)));
        var tests = typeof(TestedRule).Assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(TestsSuffix, StringComparison.Ordinal))
            .SelectMany(name => Contracts.ParseRuleTests(name, Embedded(name)))
            .ToLookup(one => one.Rule);
        return
        [
            .. from pack in Packs.All
               from rule in pack.Content.Rules
               select new TestedRule(pack.Name, lists.Expand(rule), [.. tests[rule.Name]]),
        ];
    }

    /// <summary>The rules of a file; their tests are in the files *.tests.yaml beside it.</summary>
    /// <exception cref="TrailException">A file is wrong.</exception>
    internal static IReadOnlyList<TestedRule> OfFile(string path)
    {
        var rules = RulesOfFile.Read(path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var tests = Directory.EnumerateFiles(folder, $"*{TestsSuffix}").Order(StringComparer.Ordinal)
            .SelectMany(file => RulesOfFile.ReadBeside(file, Contracts.ParseRuleTests))
            .ToLookup(one => one.Rule);
        var lists = new NamedLists(NamedLists.Union([.. Packs.All.Select(pack => pack.Content.Lists), rules.Lists]));
        return [.. rules.Rules.Select(rule => new TestedRule(null, lists.Expand(rule), [.. tests[rule.Name]]))];
    }

    static string Embedded(string name)
    {
        using var text = new StreamReader(typeof(TestedRule).Assembly.GetManifestResourceStream(name)!);
        return text.ReadToEnd();
    }
}
