using System.Text;
using System.Text.Json;

namespace ClusterTrail.Rules.Commands;

/// <summary>Writes the commands of a command line: its own, and those that it starts in turn.</summary>
sealed class CommandList(Utf8JsonWriter writer)
{
    const int Deepest = 24;

    int depth;

    /// <summary>Whether commands are nested so deeply that the innermost are not in the list.</summary>
    public bool IsTooDeep { get; private set; }

    /// <summary>Begins a list.</summary>
    public void Start() => (depth, IsTooDeep) = (0, false);

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
            Write(text, command);
            AddInner(text, command);
        }

        depth--;
    }

    /// <summary>Adds the commands of a script.</summary>
    public void AddScript(ReadOnlySpan<char> script)
    {
        if (++depth > Deepest)
        {
            IsTooDeep = true;
        }
        else
        {
            new ShellScript(script, this).Read();
        }

        depth--;
    }

    void Write(ReadOnlySpan<char> text, in SimpleCommand command)
    {
        writer.WriteStartObject();
        writer.WriteString("program"u8, ProgramOf(text[command.Words[0]]));
        Write("arguments"u8, text, command.Words[1..]);
        Write("files"u8, text, command.Files);
        if (!command.Input.IsEmpty)
        {
            writer.WriteString("input"u8, ProgramOf(command.Input));
        }

        writer.WriteEndObject();
    }

    void Write(ReadOnlySpan<byte> name, ReadOnlySpan<char> text, ReadOnlySpan<Range> words)
    {
        writer.WriteStartArray(name);
        foreach (var word in words)
        {
            writer.WriteStringValue(text[word]);
        }

        writer.WriteEndArray();
    }

    // What it is started by, such as env or timeout, is a command too: both are in the list.
    void AddInner(ReadOnlySpan<char> text, in SimpleCommand command)
    {
        var program = ProgramOf(text[command.Words[0]]);
        if (Launchers.IsShell(program))
        {
            if (Launchers.ScriptOf(text, command.Words) is { } script)
            {
                AddScript(text[script]);
            }
            else if (!command.InputText.IsEmpty)
            {
                AddScript(command.InputText);
            }
        }
        else if (program is "eval")
        {
            AddJoined(text, command.Words[1..]);
        }
        else
        {
            Add(text, new SimpleCommand(Launchers.StartedBy(program, text, command.Words), default, command.Input, command.InputText));
        }
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
