namespace ClusterTrail.Rules.Commands;

/// <summary>Programs that start other programs.</summary>
static class Launchers
{
    /// <summary>Whether the program runs a script that is one of its arguments, after <c>-c</c>.</summary>
    public static bool IsShell(ReadOnlySpan<char> program) =>
        program is "sh" or "bash" or "dash" or "ash" or "ksh" or "zsh" or "fish" or "mksh" or "rbash" or "su" or "runuser" or "script";

    /// <summary>The script of a shell; null when it reads one from elsewhere.</summary>
    public static Range? ScriptOf(ReadOnlySpan<char> text, ReadOnlySpan<Range> words)
    {
        for (var at = 1; at < words.Length; at++)
        {
            // -c, -ec, -lc: the script is the next word that is no option.
            var word = text[words[at]];
            if (word is "--command" || (word.Length > 1 && word[0] == '-' && word[1] != '-' && word.Contains('c')))
            {
                return FirstPlain(text, words, at + 1);
            }

            if (word.StartsWith("--command="))
            {
                return (words[at].Start.Value + "--command=".Length)..words[at].End;
            }
        }

        return null;
    }

    /// <summary>The words of the command that a program starts; none for a program that starts none.</summary>
    public static ReadOnlySpan<Range> StartedBy(ReadOnlySpan<char> program, ReadOnlySpan<char> text, ReadOnlySpan<Range> words)
    {
        if (program is "find")
        {
            return AfterExec(text, words);
        }

        // command -v only says where a program is.
        if (OptionsWithValue(program) is not { } valued || (program is "command" && words.Length > 1 && text[words[1]] is "-v" or "-V"))
        {
            return default;
        }

        // Of these, the first word that is no option is not yet the command: how long, where, or as whom.
        var skipped = program is "timeout" or "chroot" or "gosu" or "su-exec" or "flock" or "taskset" ? 1 : 0;
        for (var at = 1; at < words.Length; at++)
        {
            var word = text[words[at]];
            if (word is "--" && skipped == 0)
            {
                return words[(at + 1)..];
            }

            if (word.StartsWith('-') && word.Length > 1)
            {
                at += TakesNext(word, valued) ? 1 : 0;
            }
            else if (!ShellScript.IsAssignment(word) && skipped-- == 0)
            {
                return words[at..];
            }
        }

        return default;
    }

    // -u root: the value is the next word. -uroot and --user=root have it in them.
    static bool TakesNext(ReadOnlySpan<char> option, string valued) =>
        option.Length == 2 ? valued.Contains(option[1])
        : option is "--user" or "--group" or "--signal" or "--kill-after" or "--target" or "--unset" or "--chdir";

    /// <summary>The letters of the options that have a value; null for a program that starts none.</summary>
    static string? OptionsWithValue(ReadOnlySpan<char> program) => program switch
    {
        "sudo" or "doas" => "ugpCrtRTD",
        "env" => "uCS",
        "xargs" => "InPdaELs",
        "timeout" => "sk",
        "nice" => "n",
        "ionice" => "cnp",
        "stdbuf" => "ioe",
        "nsenter" => "tSG",
        "unshare" => "RwSG",
        "strace" => "eopsuEa",
        "flock" => "wE",
        "taskset" or "chroot" or "nohup" or "setsid" or "time" or "command" or "builtin" or "exec" or "busybox" or "toybox" or "gosu"
            or "su-exec" or "watch" or "tini" or "dumb-init" or "proxychains" or "proxychains4" or "setarch" => "",
        _ => null,
    };

    static ReadOnlySpan<Range> AfterExec(ReadOnlySpan<char> text, ReadOnlySpan<Range> words)
    {
        for (var at = 1; at < words.Length; at++)
        {
            if (text[words[at]] is "-exec" or "-execdir" or "-ok" or "-okdir")
            {
                return words[(at + 1)..];
            }
        }

        return default;
    }

    static Range? FirstPlain(ReadOnlySpan<char> text, ReadOnlySpan<Range> words, int at)
    {
        for (; at < words.Length; at++)
        {
            if (!text[words[at]].StartsWith('-'))
            {
                return words[at];
            }
        }

        return null;
    }
}
