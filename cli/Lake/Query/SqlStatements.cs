namespace ClusterTrail.Lake.Query;

/// <summary>Cuts SQL into statements at the semicolons that are not in texts, names or comments.</summary>
static class SqlStatements
{
    /// <summary>The complete statements, and what follows the last semicolon.</summary>
    internal static (IReadOnlyList<string> Complete, string Remainder) Split(string sql)
    {
        var (complete, start, at) = (new List<string>(), 0, 0);
        while (at < sql.Length)
        {
            var after = After(sql, at);
            if (sql[at] == ';' && after == at + 1)
            {
                complete.Add(sql[start..at]);
                start = after;
            }

            at = after;
        }

        return ([.. complete.Where(statement => !IsEmpty(statement))], sql[start..]);
    }

    /// <summary>All statements: the last need not end in a semicolon.</summary>
    internal static IReadOnlyList<string> All(string sql)
    {
        var (complete, remainder) = Split(sql);
        return IsEmpty(remainder) ? complete : [.. complete, remainder];
    }

    /// <summary>Whether there are only spaces and comments.</summary>
    internal static bool IsEmpty(string sql)
    {
        for (var at = 0; at < sql.Length;)
        {
            var after = After(sql, at);
            if (!char.IsWhiteSpace(sql[at]) && !(sql[at] is '-' or '/' && after > at + 1))
                return false;
            at = after;
        }

        return true;
    }

    // The end of what begins here: a text, a name, a comment or one character. What does not end, ends with the SQL.
    static int After(string sql, int at) => (sql[at], at + 1 < sql.Length ? sql[at + 1] : '\0') switch
    {
        ('\'', _) => IsEscaped(sql, at) ? EscapedText(sql, at + 1) : Closing(sql, at + 1, "'"),
        ('"', _) => Closing(sql, at + 1, "\""),
        ('-', '-') => Closing(sql, at + 2, "\n"),
        ('/', '*') => Closing(sql, at + 2, "*/"),
        ('$', _) when Tag(sql, at) is { } tag => Closing(sql, at + tag.Length, tag),
        _ => at + 1,
    };

    // E'…' has backslashes.
    static bool IsEscaped(string sql, int quote) =>
        quote > 0 && (sql[quote - 1] is 'e' or 'E') && (quote == 1 || !IsOfName(sql[quote - 2]));

    static int EscapedText(string sql, int at)
    {
        while (at < sql.Length && sql[at] != '\'')
            at += sql[at] == '\\' ? 2 : 1;
        return Math.Min(at + 1, sql.Length);
    }

    // $$ or $tag$; $user is a parameter.
    static string? Tag(string sql, int at)
    {
        var end = at + 1;
        while (end < sql.Length && IsOfName(sql[end]))
            end++;
        return end < sql.Length && sql[end] == '$' && !(at > 0 && IsOfName(sql[at - 1])) ? sql[at..(end + 1)] : null;
    }

    static bool IsOfName(char character) => char.IsLetterOrDigit(character) || character == '_';

    static int Closing(string sql, int from, string end) =>
        sql.IndexOf(end, from, StringComparison.Ordinal) is >= 0 and var found ? found + end.Length : sql.Length;
}
