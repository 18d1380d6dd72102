using System.CommandLine;
using System.CommandLine.Parsing;
using ClusterTrail.Kubectl.Shared;

namespace ClusterTrail.Kubectl.Help;

/// <summary>What is said where a command line names no command, or a command or option that there is not.</summary>
static class CommandNames
{
    const int MostTypos = 2;

    /// <summary>A sentence about a command that there is not, whatever follows it; null without one.</summary>
    internal static string? UnknownCommand(ParseResult line)
    {
        if (UnknownOfRoot(line) is { } name)
            return name.Length == 0 ? "The command is empty." : Unknown(null, "command", name, Names(line.RootCommandResult.Command));
        var command = line.CommandResult.Command;
        return command.Subcommands.Count == 0 || line.UnmatchedTokens is not [var other, ..] || other.StartsWith('-') ? null
            : Names(command).Contains(other) ? $"{other} stands behind --; a command stands before it."
            : Unknown(Subject(line), "command", other, Names(command));
    }

    /// <summary>The path of the commands whose help shows what there is; null where a command's own is long, and only named.</summary>
    internal static IReadOnlyList<string>? HelpfulPath(ParseResult line) =>
        UnknownOfRoot(line) is not null ? [] : line.CommandResult.Command.Subcommands.Count > 0 ? Path(line) : null;

    /// <summary>A sentence about what is unknown, or about a command that is missing; null if it is something else that is wrong.</summary>
    internal static string? Refusal(ParseResult line)
    {
        var command = line.CommandResult.Command;
        if (UnknownOption(line) is { } option)
            return command.Options.Any(known => known.Name == option || known.Aliases.Contains(option))
                ? $"{option} stands before the command; options stand behind it: {Name(line)} {option} ..."
                : Unknown(Subject(line), "option", option, command.Options.Select(known => known.Name));
        if (command.Subcommands.Count == 0)
            return null;
        return Subject(line) is { } subject ? $"{subject} needs a command." : "Give a command.";
    }

    /// <summary>What looks like an option and is none; it would be taken for an argument.</summary>
    internal static string? UnknownOption(ParseResult line) => line.Tokens.Any(token => token.Type == TokenType.DoubleDash)
        ? null
        : line.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens).Select(token => token.Value).Concat(line.UnmatchedTokens)
            .FirstOrDefault(text => text.Length > 1 && text.StartsWith('-') && !text.Any(char.IsWhiteSpace));

    /// <summary>Such as <c>kubectl trail keys</c>.</summary>
    internal static string Name(ParseResult line) => string.Join(' ', ["kubectl trail", .. Path(line)]);

    /// <summary>The names of the commands that the line is about, the outermost first, without the root's.</summary>
    internal static IReadOnlyList<string> Path(ParseResult line)
    {
        var path = new List<string>();
        for (var result = line.CommandResult; result.Parent is CommandResult parent; result = parent)
            path.Insert(0, result.Command.Name);
        return path;
    }

    /// <summary>The names of the commands below the one that these words lead to.</summary>
    internal static IEnumerable<string> Below(Command root, IEnumerable<string> words) =>
        Names(words.Aggregate(root, (command, word) => command.Subcommands.FirstOrDefault(one => one.Name == word) ?? command));

    // The library takes such a word for an argument, and finds the command in the words after it.
    static string? UnknownOfRoot(ParseResult line) =>
        line.Tokens is [{ Type: TokenType.Argument, Value: var word }, ..] && !word.StartsWith('-') ? word : null;

    static IEnumerable<string> Names(Command command) => command.Subcommands.Select(known => known.Name);

    static string Unknown(string? subject, string kind, string typed, IEnumerable<string> known)
    {
        var there = subject is null ? "There is" : $"{subject} has";
        var meant = known.FirstOrDefault(name => IsMeant(typed, name));
        return $"{there} no {kind} {Printable.Escape(typed)}{(meant is null ? "." : $"; did you mean {meant}?")}";
    }

    static string? Subject(ParseResult line) => Path(line) is { Count: > 0 } path ? string.Join(' ', path) : null;

    static bool IsMeant(string typed, string known) =>
        (typed.Length > MostTypos && known.StartsWith(typed, StringComparison.Ordinal))
        || Distance(typed, known) <= Math.Min(MostTypos, known.Length - 1);

    // How many letters must be added, removed or replaced; two that changed places count as two.
    static int Distance(string one, string other)
    {
        var last = Enumerable.Range(0, other.Length + 1).ToArray();
        foreach (var (at, letter) in one.Index())
        {
            var next = new int[last.Length];
            next[0] = at + 1;
            for (var i = 1; i < next.Length; i++)
                next[i] = Math.Min(Math.Min(next[i - 1], last[i]) + 1, last[i - 1] + (other[i - 1] == letter ? 0 : 1));
            last = next;
        }

        return last[^1];
    }
}
