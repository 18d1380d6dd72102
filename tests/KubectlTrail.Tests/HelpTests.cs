using System.CommandLine;
using System.CommandLine.Help;
using ClusterTrail.Kubectl.Clusters;

namespace ClusterTrail.Kubectl.Tests;

public sealed class HelpTests
{
    // An option keeps each command that it was ever added to: one that was added in every run would make each slower than the one before.
    [Fact]
    public async Task NoRunAddsToTheOptions()
    {
        await CommandLine.RunAsync("--help");
        var commands = ClusterOption.Kubeconfig.Parents.Count();

        await CommandLine.RunAsync("status", "--help");
        await CommandLine.RunAsync("status", "--nonsense");

        Assert.Equal(commands, ClusterOption.Kubeconfig.Parents.Count());
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("cat", "--help")]
    [InlineData("console", "--help")]
    [InlineData("decrypt", "--help")]
    [InlineData("keys", "generate", "--help")]
    [InlineData("render", "--help")]
    [InlineData("policy", "--help")]
    [InlineData("status", "--help")]
    [InlineData("explain", "--help")]
    [InlineData("detections", "--help")]
    [InlineData("detections", "list", "--help")]
    [InlineData("detections", "test", "--help")]
    [InlineData("verify", "--help")]
    [InlineData("query", "--help")]
    [InlineData("export", "--help")]
    [InlineData("keys", "export", "--help")]
    [InlineData("insights", "--help")]
    public async Task HelpTellsUsageAndExitCodes(params string[] arguments)
    {
        var outcome = await CommandLine.RunAsync(arguments);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("Usage:\n  kubectl trail", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Exit codes:", outcome.Output, StringComparison.Ordinal);
        Assert.Empty(outcome.Error);
    }

    [Theory]
    [InlineData("cat")]
    [InlineData("console")]
    [InlineData("decrypt")]
    [InlineData("keys")]
    [InlineData("keys", "generate")]
    [InlineData("keys", "export")]
    [InlineData("render")]
    [InlineData("policy")]
    [InlineData("status")]
    [InlineData("explain")]
    [InlineData("detections")]
    [InlineData("detections", "list")]
    [InlineData("detections", "test")]
    [InlineData("verify")]
    [InlineData("query")]
    [InlineData("export")]
    public async Task EveryCommandHasExamples(params string[] command)
    {
        var outcome = await CommandLine.RunAsync([.. command, "--help"]);

        Assert.Contains($"kubectl trail {string.Join(' ', command)} ", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Examples:", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Give a command.")]
    [InlineData("There is no command stauts; did you mean status?", "stauts")]
    [InlineData("There is no command detect; did you mean detections?", "detect", "list")]
    [InlineData("There is no command forecast.", "forecast")]
    [InlineData("There is no command \\u001b[2J.", "\u001b[2J")]
    [InlineData("keys needs a command.", "keys")]
    [InlineData("keys has no command genrate; did you mean generate?", "keys", "genrate")]
    [InlineData("There is no command hepl; did you mean help?", "hepl", "cat")]
    [InlineData("There is no command bogus.", "bogus", "--help")]
    [InlineData("There is no command bogus.", "help", "bogus")]
    [InlineData("The command is empty.", "")]
    [InlineData("cat stands behind --; a command stands before it.", "--", "cat", "archive")]
    [InlineData("keys has no command bogus.", "keys", "bogus", "--help")]
    public async Task WithoutACommandTheMistakeIsNamedAndHelpFollows(string sentence, params string[] arguments)
    {
        var outcome = await CommandLine.RunAsync(arguments);

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.StartsWith($"kubectl trail: {sentence}\n\nDescription:\n", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("Commands:\n", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "kubectl trail: status has no option --contxt; did you mean --context? See kubectl trail status --help.\n", "status", "--contxt",
        "prod")]
    [InlineData(
        "kubectl trail: --context stands before the command; options stand behind it: kubectl trail status --context ... "
            + "See kubectl trail status --help.\n",
        "--context", "prod", "status")]
    [InlineData(
        "kubectl trail: --user is empty; give a value, or leave it out. See kubectl trail lookup --help.\n", "lookup", "--user=", "A")]
    [InlineData(
        "kubectl trail: --follow is empty; give a value, or leave it out. See kubectl trail lookup --help.\n", "lookup", "A", "--follow=")]
    [InlineData("kubectl trail: An argument is empty; leave it out. See kubectl trail verify --help.\n", "verify", "A", "--strict", "")]
    [InlineData("kubectl trail: status has no option --everything. See kubectl trail status --help.\n", "status", "--everything")]
    [InlineData("kubectl trail: Required argument 'FILE' missing for command: 'decrypt'. See kubectl trail decrypt --help.\n", "decrypt")]
    public async Task WhatIsWrongWithACommandIsOneLine(string line, params string[] arguments)
    {
        var outcome = await CommandLine.RunAsync(arguments);

        Assert.Equal((2, "", line), (outcome.ExitCode, outcome.Output, outcome.Error));
    }

    [Theory]
    [InlineData("lookup: --limit is abc; allowed: a whole number up to 2147483647.", "--limit", "abc")]
    [InlineData("verify: --interval is \\u001b; allowed: a whole number up to 2147483647.", "--interval", "\u001b")]
    [InlineData("lookup: --output is xml; allowed: table, wide, json, yaml, csv.", "-o", "xml")]
    [InlineData("export: Option '--to' expects a single argument but 2 were provided.", "--to", "x", "--to", "y")]
    [InlineData("export: --schema is ecs; allowed: clustertrail, ocsf.", "--to", "folder", "--schema", "ecs")]
    public async Task AWrongValueIsNamedWithWhatIsAllowed(string said, params string[] options)
    {
        var colon = said.IndexOf(':', StringComparison.Ordinal);
        var (command, sentence) = (said[..colon], said[(colon + 2)..]);

        var outcome = await CommandLine.RunAsync([command, "archive", .. options]);

        Assert.Equal(
            (2, $"kubectl trail: {sentence} See kubectl trail {command} --help.\n"), (outcome.ExitCode, outcome.Error));
    }

    [Fact]
    public async Task AValueThatBeginsWithAnAtSignIsNoFile()
    {
        var outcome = await CommandLine.RunAsync("decrypt", "@arguments");

        Assert.Equal(2, outcome.ExitCode);
        Assert.StartsWith("kubectl trail: @arguments ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoCommandTakesAnEmptyValue()
    {
        var refused = 0;
        foreach (var (path, command) in Commands(TrailCommand.Root, []).Where(one => one.Command.Name != "help"))
        {
            string[] line = [.. path, .. command.Arguments.Where(argument => argument.Arity.MinimumNumberOfValues > 0).Select(_ => "some")];
            foreach (var option in command.Options.Where(option => option.ValueType != typeof(bool) && option is not HelpOption))
                await IsRefusedAsync(option.Name, [.. line, option.Name, ""]);
            foreach (var (before, argument) in command.Arguments.Index())
                await IsRefusedAsync(argument.Name, [.. path, .. Enumerable.Repeat("some", before), ""]);
        }

        Assert.True(refused > 200, $"{refused} were tried.");

        async Task IsRefusedAsync(string name, string[] arguments)
        {
            var outcome = await CommandLine.RunAsync(arguments);
            Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
            Assert.StartsWith($"kubectl trail: {name} is empty; give a value", outcome.Error, StringComparison.Ordinal);
            refused++;
        }
    }

    static IEnumerable<(string[] Path, Command Command)> Commands(Command command, string[] path) => command.Subcommands.Count == 0
        ? [(path, command)] : command.Subcommands.SelectMany(one => Commands(one, [.. path, one.Name]));

    [Theory]
    [InlineData("--help", "help")]
    [InlineData("keys generate --help", "help", "keys", "generate")]
    [InlineData("cat --help", "help", "cat", "--")]
    public async Task HelpIsACommandToo(string same, params string[] arguments)
    {
        var (help, expected) = (await CommandLine.RunAsync(arguments), await CommandLine.RunAsync(same.Split(' ')));

        Assert.Equal((0, expected.Output, ""), (help.ExitCode, help.Output, help.Error));
    }

    [Fact]
    public async Task ArgumentsThatMayBeLeftOutAreShownSo()
    {
        var (all, detections) = (await CommandLine.RunAsync("--help"), await CommandLine.RunAsync("detections", "--help"));

        Assert.Matches("  status \\[TRAIL\\] +Shows ", all.Output);
        Assert.Matches("  cat <LOCATION> +Prints ", all.Output);
        Assert.Matches("  query <LOCATION> \\[SQL\\] +Asks ", all.Output);
        Assert.Contains("  test [FILE]  Runs ", detections.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("  1    the cluster could not be reached or read\n", "status")]
    [InlineData("  3    a Trail is not Ready\n", "status")]
    [InlineData("  3    something could not be decrypted: no key, or the wrong key; everything else was printed\n", "cat")]
    [InlineData("  1    a case failed\n", "detections", "test")]
    [InlineData("  1    something could not be read or written; the next export tries it again\n", "export")]
    [InlineData("  1    the cluster could not be reached or read, or its operator has no key yet\n", "keys", "export")]
    public async Task EachCommandSaysWhatItsExitCodesMean(string line, params string[] command)
    {
        var outcome = await CommandLine.RunAsync([.. command, "--help"]);

        Assert.Contains(line, outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VersionIsPrinted()
    {
        var outcome = await CommandLine.RunAsync("--version");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+", outcome.Output);
    }
}
