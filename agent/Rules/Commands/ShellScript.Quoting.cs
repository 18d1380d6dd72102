using System.Globalization;

namespace ClusterTrail.Rules.Commands;

ref partial struct ShellScript
{
    void ReadTo(char quote)
    {
        StartWord();
        while (at < script.Length && script[at] != quote)
        {
            Append(script[at++]);
        }

        at++;
    }

    void ReadDoubleQuoted()
    {
        StartWord();
        while (at < script.Length && script[at] != '"')
        {
            switch (script[at++])
            {
                case '\\' when at < script.Length && script[at] is '$' or '`' or '"' or '\\' or '\n': ReadEscaped(); break;
                case '$': ReadDollar(isQuoted: true); break;
                case '`': ReadBackquoted(); break;
                case var letter: Append(letter); break;
            }
        }

        at++;
    }

    // A line that goes on is no letter.
    void ReadEscaped()
    {
        if (at < script.Length && script[at++] is not '\n' and var letter)
        {
            Append(letter);
        }
    }

    // $(command), $'text with escapes', or the beginning of a variable.
    void ReadDollar(bool isQuoted)
    {
        if (Skip('('))
        {
            StartWord();
            AddNested(Closing(at));
        }
        else if (!isQuoted && Skip('\''))
        {
            ReadAnsi();
        }
        else
        {
            Append('$');
        }
    }

    void ReadAnsi()
    {
        StartWord();
        while (at < script.Length && script[at] != '\'')
        {
            var letter = script[at++];
            Append(letter == '\\' && at < script.Length ? AnsiEscape(script[at++]) : letter);
        }

        at++;
    }

    char AnsiEscape(char letter)
    {
        switch (letter)
        {
            case 'n': return '\n';
            case 't': return '\t';
            case 'x' when at + 2 <= script.Length && byte.TryParse(script.Slice(at, 2), NumberStyles.AllowHexSpecifier, null, out var hex):
                at += 2;
                return (char)hex;
            case >= '0' and <= '7' when at + 2 <= script.Length && script[at..(at + 2)].IndexOfAnyExceptInRange('0', '7') < 0:
                var octal = ((letter - '0') * 64) + ((script[at] - '0') * 8) + script[at + 1] - '0';
                at += 2;
                return (char)octal;
            default: return letter;
        }
    }

    void ReadBackquoted()
    {
        StartWord();
        var end = at;
        while (end < script.Length && script[end] != '`')
        {
            end += script[end] == '\\' ? 2 : 1;
        }

        AddNested(Math.Min(end, script.Length));
    }

    void AddNested(int end)
    {
        commands.AddScript(script[Math.Min(at, end)..end]);
        at = end + 1;
    }

    /// <summary>Where the parenthesis closes that was opened before here; the script's end when it does not.</summary>
    readonly int Closing(int from)
    {
        var open = 1;
        for (var place = from; place < script.Length; place++)
        {
            switch (script[place])
            {
                case '\\': place++; break;
                case '\'' or '"': place = EndOfQuoted(place); break;
                case '(': open++; break;
                case ')' when --open == 0: return place;
            }
        }

        return script.Length;
    }

    readonly int EndOfQuoted(int from)
    {
        var place = from + 1;
        while (place < script.Length && script[place] != script[from])
        {
            place += script[from] == '"' && script[place] == '\\' ? 2 : 1;
        }

        return place;
    }
}
