using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using ClusterTrail.Agent.Sources.Processes.Kernel;

namespace ClusterTrail.Agent.Sources.Processes;

/// <summary>Writes the lines of the journal: docs/archive-format.md describes them.</summary>
sealed class ProcessLine : IDisposable
{
    public const string ApiVersion = "audit.clustertrail.io/v1alpha1";
    public const string EventKind = "ProcessEvent";
    public const string LossKind = "ProcessLoss";

    const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.ffffffZ";

    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    readonly ArrayBufferWriter<byte> buffer;
    readonly Utf8JsonWriter json;

    /// <param name="buffer">Takes the lines.</param>
    public ProcessLine(ArrayBufferWriter<byte> buffer) => (this.buffer, json) = (buffer, new(buffer, Options));

    /// <summary>The member "container", with a comma before it.</summary>
    public static byte[] ContainerMember(CgroupContainer container, ContainerNames? names)
    {
        var text = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(text, Options))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, container.Id);
            WriteKnown(json, "name"u8, names?.Container);
            WriteKnown(json, "namespace"u8, names?.Namespace);
            WriteKnown(json, "pod"u8, names?.Pod);
            WriteKnown(json, "podUID"u8, container.PodUid);
            json.WriteEndObject();
        }

        return [.. ",\"container\":"u8, .. text.WrittenSpan];
    }

    /// <param name="time">When, in microseconds since 1970.</param>
    /// <param name="container">A whole member, as <see cref="ContainerMember"/> makes it, or nothing.</param>
    /// <param name="entry">How it came into its container.</param>
    public void WriteEvent(in ProcessRecord record, long time, ReadOnlySpan<byte> container, ProcessEntry entry = ProcessEntry.None)
    {
        Begin(EventKind, time);
        Append(container);
        Append(",\"process\":"u8);
        json.Reset();
        json.WriteStartObject();
        WriteIdentity(record);
        if (entry != ProcessEntry.None)
        {
            json.WriteString("entry"u8, NameOf(entry));
        }

        WriteProgram(record);
        WriteRights(record);
        WriteParents(record);
        json.WriteEndObject();
        json.Flush();
        Append("}\n"u8);
    }

    /// <summary>Says that processes ran which are not recorded.</summary>
    /// <param name="count">How many; null when nobody knows.</param>
    /// <param name="since">From when on, in microseconds since 1970.</param>
    public void WriteLoss(ProcessLossReason reason, long? count, long since, long time, ReadOnlySpan<byte> container)
    {
        Begin(LossKind, time);
        Append(container);
        Append(",\"loss\":"u8);
        json.Reset();
        json.WriteStartObject();
        json.WriteString("reason"u8, reason.ToString());
        if (count is { } known)
        {
            json.WriteNumber("count"u8, known);
        }

        WriteTime("since"u8, since);
        json.WriteEndObject();
        json.Flush();
        Append("}\n"u8);
    }

    public void Dispose() => json.Dispose();

    void Begin(string kind, long time)
    {
        Append("{\"kind\":\""u8);
        Encoding.ASCII.GetBytes(kind, buffer);
        Append("\",\"apiVersion\":\""u8);
        Encoding.ASCII.GetBytes(ApiVersion, buffer);
        Append("\",\"time\":\""u8);
        Span<byte> text = stackalloc byte[TimeFormat.Length];
        DateTime.UnixEpoch.AddMicroseconds(time).TryFormat(text, out var length, TimeFormat, CultureInfo.InvariantCulture);
        Append(text[..length]);
        Append("\""u8);
    }

    void WriteIdentity(in ProcessRecord record)
    {
        WriteProcess(record.Pid, record.Started, record.Command);
        json.WriteNumber("parentPid"u8, record.ParentPid);
    }

    static ReadOnlySpan<byte> NameOf(ProcessEntry entry) => entry switch
    {
        ProcessEntry.Started => "Started"u8,
        ProcessEntry.Entered => "Entered"u8,
        _ => "EnteredNamespaces"u8,
    };

    void WriteProcess(uint pid, ulong started, ReadOnlySpan<byte> command)
    {
        if (started > 0)
        {
            // A number is given to another process later: with its beginning it is one process of the node until that restarts.
            Span<byte> id = stackalloc byte[32];
            System.Text.Unicode.Utf8.TryWrite(id, CultureInfo.InvariantCulture, $"{pid}-{started}", out var length);
            json.WriteString("id"u8, id[..length]);
        }

        json.WriteNumber("pid"u8, pid);
        WriteText("name"u8, command);
    }

    void WriteProgram(in ProcessRecord record)
    {
        WriteText("executable"u8, record.FileName);
        if (record.PathNames.Length > 0)
        {
            json.WriteString("path"u8, PathOf(record));
        }

        if (record.Flags.HasFlag(ProcessFlags.FileWithoutName))
        {
            json.WriteBoolean("fileless"u8, true);
        }

        json.WriteStartArray("arguments"u8);
        var arguments = record.Arguments;
        while (arguments.Length > 0)
        {
            var end = arguments.IndexOf((byte)0);
            WriteValue(end < 0 ? arguments : arguments[..end]);
            arguments = end < 0 ? [] : arguments[(end + 1)..];
        }

        json.WriteEndArray();
        if (record.Flags.HasFlag(ProcessFlags.ArgumentsUnreadable))
        {
            json.WriteBoolean("argumentsUnreadable"u8, true);
            return;
        }

        json.WriteNumber("argumentCount"u8, record.ArgumentCount);
        json.WriteNumber("argumentBytes"u8, record.ArgumentBytes);
        if (record.ArgumentBytes > (ulong)record.Arguments.Length)
        {
            json.WriteBoolean("argumentsTruncated"u8, true);
        }
    }

    void WriteRights(in ProcessRecord record)
    {
        json.WriteNumber("uid"u8, record.UserId);
        json.WriteNumber("gid"u8, record.GroupId);
        json.WriteNumber("effectiveUid"u8, record.EffectiveUserId);
        json.WriteNumber("effectiveGid"u8, record.EffectiveGroupId);
        Span<byte> bits = stackalloc byte[16];
        record.Capabilities.TryFormat(bits, out _, "x16", CultureInfo.InvariantCulture);
        json.WriteString("effectiveCapabilities"u8, bits);
    }

    void WriteParents(in ProcessRecord record)
    {
        json.WriteStartArray("parents"u8);
        for (var at = 0; at < record.Ancestors; at++)
        {
            var parent = record.Ancestor(at);
            json.WriteStartObject();
            WriteProcess(parent.Pid, parent.Started, parent.Command);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static string PathOf(in ProcessRecord record)
    {
        var path = ContainerOfCgroup.PathOf(record.PathNames);
        return record.Flags.HasFlag(ProcessFlags.PathIncomplete) ? "…" + path : path;
    }

    void WriteTime(ReadOnlySpan<byte> name, long time) =>
        json.WriteString(name, DateTime.UnixEpoch.AddMicroseconds(time).ToString(TimeFormat, CultureInfo.InvariantCulture));

    void WriteText(ReadOnlySpan<byte> name, ReadOnlySpan<byte> text)
    {
        json.WritePropertyName(name);
        WriteValue(text);
    }

    // Linux allows any bytes; JSON only UTF-8.
    void WriteValue(ReadOnlySpan<byte> text)
    {
        if (Utf8.IsValid(text))
        {
            json.WriteStringValue(text);
        }
        else
        {
            json.WriteStringValue(Encoding.UTF8.GetString(text));
        }
    }

    static void WriteKnown(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    void Append(ReadOnlySpan<byte> bytes) => buffer.Write(bytes);
}
