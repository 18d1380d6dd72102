using System.CommandLine;
using System.CommandLine.Parsing;
using ClusterTrail.Kubectl.Shared;

namespace ClusterTrail.Kubectl.Help;

/// <summary>What is said of a value that no option or argument takes.</summary>
static class WrongValues
{
    /// <summary>A sentence about a value that is there and empty, as a variable is that a script has not set; null without one.</summary>
    internal static string? Empty(ParseResult line) => line.CommandResult.Children.Select(given => given switch
    {
        OptionResult { Option: var option } when HasEmpty(given) => Empty(option.Name, option.Required),
        ArgumentResult { Argument: var argument } when HasEmpty(given) => Empty(argument.Name, argument.Arity.MinimumNumberOfValues > 0),
        _ => null,
    }).FirstOrDefault(sentence => sentence is not null)
        ?? (line.UnmatchedTokens.Contains("") ? "An argument is empty; leave it out." : null);

    /// <summary>The same of a word such as <c>--user=</c>, to which the library would give the word behind it; null without one.</summary>
    internal static string? Empty(IEnumerable<string> words) =>
        words.TakeWhile(word => word != "--").FirstOrDefault(IsOptionWithoutValue) is { } option
            ? Empty(Printable.Escape(option[..^1]), isRequired: false) : null;

    /// <summary>
    /// A sentence about an option's value that is no number, or none of its words; null if it is something else that is wrong.
    /// </summary>
    internal static string? Wrong(ParseError error)
    {
        if (error.SymbolResult is not OptionResult { Option: { Arity.MaximumNumberOfValues: > 0 } option, Tokens.Count: > 0 } given)
            return null;
        List<string> values = [.. given.Tokens.Select(token => token.Value)];
        if (option.ValueType == typeof(int) || option.ValueType == typeof(int?))
            return values.Count == 1 ? Wrong(option.Name, values[0], $"a whole number up to {int.MaxValue}") : null;
        // One that takes other texts too completes none.
        var words = option.HelpName?.Split('|') ?? [];
        return words.Length > 1 && option.CompletionSources.Count > 0 && values.Except(words).FirstOrDefault() is { } value
            ? Wrong(option.Name, value, string.Join(", ", words)) : null;
    }

    static bool IsOptionWithoutValue(string word) =>
        word.StartsWith('-') && word.IndexOf('=', StringComparison.Ordinal) == word.Length - 1;

    static bool HasEmpty(SymbolResult given) => given.Tokens.Any(token => token is { Type: TokenType.Argument, Value: "" });

    static string Empty(string name, bool isRequired) => $"{name} is empty; give a value{(isRequired ? "" : ", or leave it out")}.";

    static string Wrong(string name, string value, string allowed) => $"{name} is {Printable.Escape(value)}; allowed: {allowed}.";
}
