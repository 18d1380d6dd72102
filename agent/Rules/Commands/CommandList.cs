using System.Text;
using System.Text.Json;

namespace ClusterTrail.Rules.Commands;

/// <summary>Writes the commands of a command line: its own, and those that it starts in turn.</summary>
sealed class CommandList(Utf8JsonWriter writer)
{
    const int Deepest = 24;

    // Scripts in scripts are in memory together, and each takes 36 bytes a letter.
    const int MostOpen = 2 << 20;

    int depth;
    int open;

    /// <summary>Whether commands are nested so deeply, or so long ones, that the innermost are not in the list.</summary>
    public bool IsTooDeep { get; private set; }

    /// <summary>Begins a list.</summary>
    public void Start() => (depth, open, IsTooDeep) = (0, 0, false);

    /// <summary>Adds a command that is started without a shell.</summary>
    public void Add(ReadOnlySpan<char> text, ReadOnlySpan<Range> words) => Add(text, new SimpleCommand(words, default, default, default));

    /// <summary>Adds a command, and what it is made to run.</summary>
    public void Add(ReadOnlySpan<char> text, in SimpleCommand command)
    {
        if (command.Words.IsEmpty)
        {
            return;
        }

        if (++depth > Deepest)
        {
            IsTooDeep = true;
        }
        else
        {
            Take(text, command);
        }

        depth--;
    }

    /// <summary>Adds the commands of a script.</summary>
    public void AddScript(ReadOnlySpan<char> script)
    {
        open += script.Length;
        if (++depth > Deepest || open > MostOpen)
        {
            IsTooDeep = true;
        }
        else
        {
            new ShellScript(script, this).Read();
        }

        depth--;
        open -= script.Length;
    }

    // What a program is made to run is a command of its own, and none of its arguments: an argument stands in the list once.
    void Take(ReadOnlySpan<char> text, in SimpleCommand command)
    {
        var words = command.Words;
        var program = ProgramOf(text[words[0]]);
        if (program is "eval")
        {
            Write(text, command, words[1..1], default);
            AddJoined(text, words[1..]);
        }
        else if (Launchers.IsShell(program))
        {
            TakeShell(text, command);
        }
        else
        {
            var started = Launchers.StartedBy(program, text, words);
            Write(text, command, words[1..^started.Length], default);
            Add(text, new SimpleCommand(started, default, command.Input, command.InputText));
        }
    }

    void TakeShell(ReadOnlySpan<char> text, in SimpleCommand command)
    {
        var script = Launchers.ScriptOf(text, command.Words);
        Write(text, command, command.Words[1..], script);
        if (script is { } range)
        {
            AddScript(text[range]);
        }
        else if (!command.InputText.IsEmpty)
        {
            AddScript(command.InputText);
        }
    }

    void Write(ReadOnlySpan<char> text, in SimpleCommand command, ReadOnlySpan<Range> arguments, Range? except)
    {
        writer.WriteStartObject();
        writer.WriteString("program"u8, ProgramOf(text[command.Words[0]]));
        Write("arguments"u8, text, arguments, except);
        Write("files"u8, text, command.Files, null);
        if (!command.Input.IsEmpty)
        {
            writer.WriteString("input"u8, ProgramOf(command.Input));
        }

        writer.WriteEndObject();
    }

    void Write(ReadOnlySpan<byte> name, ReadOnlySpan<char> text, ReadOnlySpan<Range> words, Range? except)
    {
        writer.WriteStartArray(name);
        foreach (var word in words)
        {
            if (except is null || !word.End.Equals(except.Value.End))
            {
                writer.WriteStringValue(text[word]);
            }
        }

        writer.WriteEndArray();
    }

    void AddJoined(ReadOnlySpan<char> text, ReadOnlySpan<Range> words)
    {
        // As eval does it: its arguments with blanks between them.
        var joined = new StringBuilder();
        foreach (var word in words)
        {
            joined.Append(text[word]).Append(' ');
        }

        AddScript(joined.ToString());
    }

    static ReadOnlySpan<char> ProgramOf(ReadOnlySpan<char> word) => word[(word.LastIndexOf('/') + 1)..];
}

/// <summary>A program with its arguments, as a shell starts it.</summary>
/// <param name="words">Its words, in the text that goes with it.</param>
/// <param name="files">The files that it is redirected to or from.</param>
/// <param name="input">The program whose output it reads; empty for none.</param>
/// <param name="inputText">The text that it reads: of a here-document, or of a here-string.</param>
readonly ref struct SimpleCommand(
    ReadOnlySpan<Range> words, ReadOnlySpan<Range> files, ReadOnlySpan<char> input, ReadOnlySpan<char> inputText)
{
    public ReadOnlySpan<Range> Words { get; } = words;

    public ReadOnlySpan<Range> Files { get; } = files;

    public ReadOnlySpan<char> Input { get; } = input;

    public ReadOnlySpan<char> InputText { get; } = inputText;
}
