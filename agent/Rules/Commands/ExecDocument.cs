using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Commands;

/// <summary>What an exec's request URI says of the command, as a JSON text that conditions look into: docs/detections.md.</summary>
/// <remarks>
/// Guarantees: the arguments are those that the API server reads, however the URI spells them; a program is named where a shell would
/// start it, and never because an argument says its name. Caveats: each thread has one document, which the next one overwrites.
/// </remarks>
sealed class ExecDocument : IDisposable
{
    const int LargestKept = 1024 * 1024;

    [ThreadStatic]
    static ExecDocument? ofThread;

    readonly ArrayBufferWriter<byte> json = new();
    readonly Utf8JsonWriter writer;
    readonly CommandList commands;
    readonly List<Range> arguments = [];
    char[] text = [];
    byte[] read = [];
    int readBytes = -1;

    ExecDocument()
    {
        writer = new(json);
        commands = new(writer);
    }

    public ReadOnlySpan<byte> Json => json.WrittenSpan;

    public JsonIndex Index { get; } = new();

    /// <param name="requestUri">As the event writes it.</param>
    public static ExecDocument Of(ReadOnlySpan<byte> requestUri)
    {
        // Many conditions ask for the same one.
        if (ofThread is { readBytes: >= 0 } known && requestUri.SequenceEqual(known.read.AsSpan(0, known.readBytes)))
        {
            return known;
        }

        // One that was very large would be kept as long as its thread.
        if (ofThread is { } large && large.json.Capacity > LargestKept)
        {
            large.Dispose();
            ofThread = null;
        }

        ofThread ??= new();
        ofThread.Read(requestUri);
        return ofThread;
    }

    public void Dispose() => writer.Dispose();

    void Read(ReadOnlySpan<byte> requestUri)
    {
        // Not known before it was read to its end.
        readBytes = -1;
        ReadArguments(requestUri);
        json.ResetWrittenCount();
        writer.Reset();
        writer.WriteStartObject();
        writer.WriteStartArray("arguments"u8);
        foreach (var argument in arguments)
        {
            writer.WriteStringValue(text.AsSpan(argument));
        }

        writer.WriteEndArray();
        writer.WriteStartArray("commands"u8);
        commands.Start();
        commands.Add(text, CollectionsMarshal.AsSpan(arguments));
        writer.WriteEndArray();
        writer.WriteBoolean("isTooDeep"u8, commands.IsTooDeep);
        writer.WriteEndObject();
        writer.Flush();
        // What a JSON writer writes is JSON.
        Index.TryIndex(Json);
        Remember(requestUri);
    }

    void Remember(ReadOnlySpan<byte> requestUri)
    {
        if (read.Length < requestUri.Length)
        {
            read = new byte[Math.Max(requestUri.Length, read.Length * 2)];
        }

        requestUri.CopyTo(read);
        readBytes = requestUri.Length;
    }

    void ReadArguments(ReadOnlySpan<byte> requestUri)
    {
        arguments.Clear();
        var uri = ArrayPool<byte>.Shared.Rent(requestUri.Length);
        var value = ArrayPool<byte>.Shared.Rent(requestUri.Length);
        if (text.Length < requestUri.Length)
        {
            text = new char[requestUri.Length];
        }

        var used = 0;
        foreach (var parameter in new QueryParameters(uri.AsSpan(0, JsonEscapes.Unescape(requestUri, uri)), value))
        {
            if (parameter.Name.SequenceEqual("command"u8))
            {
                var length = Encoding.UTF8.GetChars(parameter.Value, text.AsSpan(used));
                arguments.Add(used..(used + length));
                used += length;
            }
        }

        ArrayPool<byte>.Shared.Return(uri);
        ArrayPool<byte>.Shared.Return(value);
    }
}
