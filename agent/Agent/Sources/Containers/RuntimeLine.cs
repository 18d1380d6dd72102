using System.Buffers;
using System.Text.Json;

namespace ClusterTrail.Agent.Sources.Containers;

/// <summary>One line of a container's log, as CRI runtimes and docker write it.</summary>
readonly ref struct RuntimeLine
{
    public const int LongestTime = 40;

    static readonly SearchValues<byte> TimeBytes = SearchValues.Create("0123456789-:.TZ+"u8);

    /// <summary>When it was written (RFC 3339), as the runtime has it.</summary>
    public ReadOnlySpan<byte> Time { get; private init; }

    public bool IsError { get; private init; }

    /// <summary>Whether the container's line goes on in a later line of the same stream.</summary>
    public bool IsPartial { get; private init; }

    public ReadOnlySpan<byte> Text { get; private init; }

    /// <param name="scratch">Takes docker's text without escapes; at least as long as the line.</param>
    public static bool TryParse(ReadOnlySpan<byte> line, Span<byte> scratch, out RuntimeLine parsed) =>
        line is [(byte)'{', ..] ? TryParseDocker(line, scratch, out parsed) : TryParseCri(line, out parsed);

    // TIME STREAM TAGS TEXT: of tags, which ':' separates, the first is P or F.
    static bool TryParseCri(ReadOnlySpan<byte> line, out RuntimeLine parsed)
    {
        parsed = default;
        var rest = line;
        var time = Word(ref rest);
        var stream = Word(ref rest);
        var tags = Word(ref rest);
        var isError = stream.SequenceEqual("stderr"u8);
        if (!IsTime(time) || !(isError || stream.SequenceEqual("stdout"u8)) || tags is not [(byte)'P' or (byte)'F', ..]
            || (tags.Length > 1 && tags[1] != (byte)':'))
        {
            return false;
        }

        parsed = new() { Time = time, IsError = isError, IsPartial = tags[0] == (byte)'P', Text = rest };
        return true;
    }

    static ReadOnlySpan<byte> Word(scoped ref ReadOnlySpan<byte> rest)
    {
        var space = rest.IndexOf((byte)' ');
        var word = space < 0 ? rest : rest[..space];
        rest = space < 0 ? [] : rest[(space + 1)..];
        return word;
    }

    // {"log":"text\n","stream":"stdout","time":"…"}: without a line feed it goes on.
    static bool TryParseDocker(ReadOnlySpan<byte> line, Span<byte> scratch, out RuntimeLine parsed)
    {
        parsed = default;
        ReadOnlySpan<byte> time = default, stream = default;
        var length = -1;
        var reader = new Utf8JsonReader(line);
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isLog = reader.ValueTextEquals("log"u8);
                var (isStream, isTime) = (reader.ValueTextEquals("stream"u8), reader.ValueTextEquals("time"u8));
                reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                {
                    length = isLog ? reader.CopyString(scratch) : length;
                    stream = isStream ? reader.ValueSpan : stream;
                    time = isTime ? reader.ValueSpan : time;
                }

                reader.Skip();
            }

            if (reader.TokenType != JsonTokenType.EndObject || reader.Read())
            {
                return false;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }

        var isError = stream.SequenceEqual("stderr"u8);
        if (length < 0 || !IsTime(time) || !(isError || stream.SequenceEqual("stdout"u8)))
        {
            return false;
        }

        var text = scratch[..length];
        var isWhole = text.EndsWith("\n"u8);
        parsed = new() { Time = time, IsError = isError, IsPartial = !isWhole, Text = isWhole ? text[..^1] : text };
        return true;
    }

    // It is copied into JSON, so it has nothing that needs an escape.
    static bool IsTime(ReadOnlySpan<byte> text) =>
        text.Length is >= 20 and <= LongestTime && text[4] == (byte)'-' && text[10] == (byte)'T'
        && !text.ContainsAnyExcept(TimeBytes);
}
