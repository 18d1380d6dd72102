using System.Buffers;

namespace ClusterTrail.Rules.Commands;

/// <summary>
/// Takes a script apart as a POSIX shell does, as far as one can without running it: quotes, operators, redirections, substitutions,
/// here-documents. Variables stay as they are written.
/// </summary>
ref partial struct ShellScript(ReadOnlySpan<char> script, CommandList commands)
{
    readonly ReadOnlySpan<char> script = script;
    readonly CommandList commands = commands;

    // No word is longer than what it is written as.
    readonly char[] text = ArrayPool<char>.Shared.Rent(script.Length + 1);
    readonly Range[] words = ArrayPool<Range>.Shared.Rent(script.Length + 1);
    readonly Range[] files = ArrayPool<Range>.Shared.Rent(script.Length + 1);
    int at;
    int used;
    int wordStart = -1;
    int wordCount;
    int fileCount;
    Redirection redirection;
    bool isOfNoProgram;
    Range? delimiter;
    ReadOnlySpan<char> lastProgram;
    ReadOnlySpan<char> input;
    ReadOnlySpan<char> inputText;

    enum Redirection
    {
        None,
        File,
        HereDocument,
        HereString,
    }

    /// <summary>Whether a shell takes the word, before a command, for an assignment.</summary>
    public static bool IsAssignment(ReadOnlySpan<char> word)
    {
        var name = word[..Math.Max(word.IndexOf('='), 0)];
        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter != '_')
            {
                return false;
            }
        }

        return !name.IsEmpty && !char.IsAsciiDigit(name[0]);
    }

    /// <summary>Adds the script's commands to the list.</summary>
    public void Read()
    {
        while (at < script.Length)
        {
            ReadNext(script[at++]);
        }

        EndLine();
        ArrayPool<char>.Shared.Return(text);
        ArrayPool<Range>.Shared.Return(words);
        ArrayPool<Range>.Shared.Return(files);
    }

    void ReadNext(char next)
    {
        switch (next)
        {
            case ' ' or '\t' or '\r': EndWord(); break;
            case '\n': EndLine(); break;
            case ';' or '(' or ')': EndCommand(isPipe: false); break;
            case '|': EndCommand(isPipe: !Skip('|')); Skip('&'); break;
            case '&' when Skip('>'): EndWord(); Skip('>'); redirection = Redirection.File; break;
            case '&': Skip('&'); EndCommand(isPipe: false); break;
            case '<' or '>': Redirect(next); break;
            case '#' when wordStart < 0: SkipLine(); break;
            case '\'': ReadTo('\''); break;
            case '"': ReadDoubleQuoted(); break;
            case '\\': ReadEscaped(); break;
            case '$': ReadDollar(isQuoted: false); break;
            case '`': ReadBackquoted(); break;
            default: Append(next); break;
        }
    }

    void Append(char letter)
    {
        StartWord();
        text[used++] = letter;
    }

    void StartWord() => wordStart = wordStart < 0 ? used : wordStart;

    bool Skip(char expected)
    {
        var isThere = at < script.Length && script[at] == expected;
        at += isThere ? 1 : 0;
        return isThere;
    }

    void SkipLine() => at = script[at..].IndexOf('\n') is >= 0 and var end ? at + end : script.Length;

    // 2>file, >&1, <>, <<-EOF, <<<text, and <(command).
    void Redirect(char first)
    {
        if (wordStart >= 0 && text.AsSpan(wordStart..used).IndexOfAnyExceptInRange('0', '9') < 0)
        {
            (used, wordStart) = (wordStart, -1);
        }

        EndWord();
        if (Skip('('))
        {
            StartWord();
            AddNested(Closing(at));
            return;
        }

        var isDocument = first == '<' && Skip('<');
        redirection = isDocument ? Skip('<') ? Redirection.HereString : Redirection.HereDocument : Redirection.File;
        while (Skip('>') || Skip('<') || Skip('&') || Skip('|') || (isDocument && Skip('-')))
        {
        }
    }

    void EndWord()
    {
        if (wordStart < 0)
        {
            return;
        }

        var word = wordStart..used;
        wordStart = -1;
        switch (redirection)
        {
            case Redirection.File: files[fileCount++] = word; break;
            case Redirection.HereString: inputText = text.AsSpan(word); break;
            case Redirection.HereDocument: delimiter = word; break;
            default: AddWord(word); break;
        }

        redirection = Redirection.None;
    }

    void AddWord(Range word)
    {
        var spelled = text.AsSpan(word);
        var isOfShell = wordCount == 0 && (IsAssignment(spelled)
            || spelled is "if" or "then" or "elif" or "else" or "fi" or "while" or "until" or "do" or "done" or "esac"
                or "{" or "}" or "!");
        isOfNoProgram |= wordCount == 0 && spelled is "for" or "case" or "select" or "function";
        if (!isOfShell)
        {
            words[wordCount++] = word;
        }
    }

    void EndCommand(bool isPipe)
    {
        EndWord();
        // A redirection alone opens its file too.
        if (wordCount == 0 && fileCount > 0)
        {
            words[wordCount++] = used..used;
        }

        if (wordCount > 0 && !isOfNoProgram)
        {
            lastProgram = text.AsSpan(words[0]);
            commands.Add(text, new SimpleCommand(words.AsSpan(0, wordCount), files.AsSpan(0, fileCount), input, inputText));
        }

        input = isPipe ? lastProgram : default;
        inputText = default;
        (wordCount, fileCount, isOfNoProgram) = (0, 0, false);
    }

    // The text of a here-document begins after the line, whose last command may be what reads it.
    void EndLine()
    {
        EndWord();
        if (delimiter is { } range)
        {
            inputText = ReadDocument(text.AsSpan(range));
            delimiter = null;
        }

        EndCommand(isPipe: false);
    }

    ReadOnlySpan<char> ReadDocument(ReadOnlySpan<char> end)
    {
        var start = at;
        while (at < script.Length)
        {
            var lineStart = at;
            SkipLine();
            var line = script[lineStart..at];
            at = Math.Min(at + 1, script.Length);
            if (line.Trim('\t').SequenceEqual(end))
            {
                return script[start..lineStart];
            }
        }

        return script[Math.Min(start, script.Length)..];
    }
}
