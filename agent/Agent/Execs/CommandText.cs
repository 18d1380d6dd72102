using ClusterTrail.Contract.Execs;

namespace ClusterTrail.Agent.Execs;

/// <summary>Whether a process is what a command becomes.</summary>
static class CommandText
{
    public static bool IsOf(this EnteredProcess process, ExecEvent exec) =>
        IsSame(process, exec.Command, exec.IsCommandCut, withVariables: false);

    public static bool IsOf(this EnteredProcess process, ContainerCommand command) =>
        (process.Container is null || process.Container == command.Container)
        && IsSame(process, command.Command, isCut: false, withVariables: true);

    // A container runtime passes the command as it is. Of a script the kernel makes: its interpreter, perhaps one argument, its path.
    static bool IsSame(EnteredProcess process, IReadOnlyList<string> command, bool isCut, bool withVariables)
    {
        if (command.Count == 0)
        {
            return false;
        }

        if (Begins(0, 0))
        {
            return true;
        }

        for (var before = 1; before <= 2; before++)
        {
            if (before < process.Arguments.Count && process.Arguments[before] == process.Executable
                && LastPart(process.Executable) == LastPart(command[0]) && Begins(before + 1, 1))
            {
                return true;
            }
        }

        return false;

        bool Begins(int argument, int word)
        {
            var (arguments, words) = (process.Arguments.Count - argument, command.Count - word);
            var both = Math.Min(arguments, words);
            if ((arguments < words && !process.AreArgumentsCut) || (arguments > words && !isCut))
            {
                return false;
            }

            for (var at = 0; at < both; at++)
            {
                // The last of what was cut may be cut itself.
                var isLast = at == both - 1;
                if (!IsWord(process.Arguments[argument + at], command[word + at], isLast && process.AreArgumentsCut, isLast && isCut))
                {
                    return false;
                }
            }

            return true;
        }

        bool IsWord(string argument, string word, bool isArgumentCut, bool isWordCut) =>
            argument == word
            // A hook's command is not expanded.
            || (withVariables && VariableText.IsExpanded(argument, word, isArgumentCut))
            || (isArgumentCut && word.StartsWith(argument, StringComparison.Ordinal))
            || (isWordCut && argument.StartsWith(word, StringComparison.Ordinal));
    }

    static string LastPart(string path) => path[(path.LastIndexOf('/') + 1)..];
}
