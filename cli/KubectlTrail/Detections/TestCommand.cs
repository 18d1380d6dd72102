using System.CommandLine;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Input;
using ClusterTrail.Kubectl.Shared;

namespace ClusterTrail.Kubectl.Detections;

/// <summary><c>kubectl trail detections test</c>: runs the tests of the packs, or of one's own rules.</summary>
static class TestCommand
{
    internal const string Examples = """
        Examples:
          # The tests of all built-in rules
          kubectl trail detections test

          # One's own rules, whose tests are in the files *.tests.yaml beside them
          kubectl trail detections test my-rules.yaml
        """;

    static readonly Argument<string[]> Files = new("FILE")
    {
        Description = "Rule files to test. The default is the built-in packs.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    static readonly Option<string[]> OfPack = PackOption.Build();

    static readonly Option<string[]> OfRule = new("--rule") { Description = "Test only this rule. Can be repeated.", HelpName = "RULE" };

    internal static Command Build()
    {
        const string description = "Runs the tests of rules, with the same code as the agents. The exit code is 1 if a case fails.";
        var command = new Command("test", description) { Files, OfPack, OfRule };
        command.SetAction(arguments => (int)Run(arguments, Terminal.Of(arguments)));
        return command;
    }

    static ExitCode Run(ParseResult arguments, Terminal terminal)
    {
        var (files, packs, names) = (arguments.GetValue(Files) ?? [], arguments.GetValue(OfPack) ?? [], arguments.GetValue(OfRule) ?? []);
        PackOption.Check(packs);

        var rules = (files.Length > 0 ? files.SelectMany(TestedRule.OfFile) : TestedRule.OfPacks())
            .Where(rule => packs.Length == 0 || packs.Contains(rule.Pack))
            .Where(rule => names.Length == 0 || names.Contains(rule.Rule.Name))
            .ToList();
        if (rules.Count == 0)
            throw new TrailException(ExitCode.BadUsage, "No rule is selected; kubectl trail detections list shows all");

        using var output = new StreamWriter(terminal.Output, leaveOpen: true);
        var checks = rules.SelectMany(rule => rule.Tests.Select(tests => new RuleCheck(rule.Rule, tests))).ToList();
        var failures = checks.SelectMany(check => check.Failures()).ToList();
        foreach (var line in failures.Concat(rules.Where(rule => rule.Tests.Count == 0).Select(rule => $"{rule.Rule.Name}: has no tests.")))
            output.WriteLine(Printable.Escape(line));
        output.WriteLine($"{rules.Count} rules, {checks.Sum(check => check.Cases)} cases, {failures.Count} failed");
        return failures.Count == 0 ? ExitCode.Ok : ExitCode.Unreadable;
    }
}
