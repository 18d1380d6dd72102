using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClusterTrail.Agent.Records;
using ClusterTrail.Contract.Execs;
using ClusterTrail.Rules.Commands;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Execs;

/// <summary>The latest requests to execute something in a container, as this agent sees them in the API server's log.</summary>
/// <remarks>
/// Requests of which only the end is in the log count too: their policy leaves out the stage ResponseStarted. Caveat: such an exec is
/// known when it ends. Guarantee: bounded in number, age and size.
/// </remarks>
sealed class ExecLog(Origin origin, TimeProvider time)
{
    const string Mark = "… (shortened)";

    readonly Lock sync = new();
    readonly EventIds ids = new(origin);
    readonly byte[] id = new byte[EventIds.Length];
    readonly Queue<(string Key, ExecEvent Exec)> recent = [];
    readonly HashSet<string> known = [];
    long last;
    long dropped;

    public string Instance { get; } = Guid.NewGuid().ToString("N");

    /// <summary>How many were seen since the agent started.</summary>
    public long Seen => Volatile.Read(ref last);

    /// <summary>Notes the event if it is such a request, and the API server let it through.</summary>
    public void Note(in AuditEvent audit, Position position)
    {
        if (!IsExec(audit) || Time(audit) is not { } received || time.GetUtcNow() - received > ExecReport.Longest)
        {
            return;
        }

        var target = ExecTarget.Read(audit.RequestUri, ExecEvent.LargestCommand);
        if (target.Command.Count == 0)
        {
            return;
        }

        var exec = new ExecEvent
        {
            EventID = "",
            AuditID = Member(audit, "auditID"u8),
            UserIdentity = IdentityOf(audit),
            Namespace = Text(audit.Namespace),
            Pod = Text(audit.Name),
            Container = target.Container,
            Command = target.Command,
            IsCommandCut = target.IsCut,
            Time = received,
        };
        var key = KeyOf(exec);
        lock (sync)
        {
            Forget();
            // The same request at another stage.
            if (!known.Add(key))
            {
                return;
            }

            ids.Write(position, id);
            recent.Enqueue((key, Shorten(exec) with { Number = ++last, EventID = Encoding.ASCII.GetString(id) }));
        }
    }

    /// <param name="after">The number of the last one that the asker has.</param>
    /// <param name="through">Up to when all is here.</param>
    public ExecReport Report(long after, DateTimeOffset? through)
    {
        lock (sync)
        {
            Forget();
            return new()
            {
                Trail = origin.Trail,
                Node = origin.NodeName,
                Instance = Instance,
                Last = last,
                Dropped = dropped,
                Through = through,
                Execs = UpTo(ExecHandover.LargestBody, [.. recent.Select(one => one.Exec).Where(exec => exec.Number > after)]),
            };
        }
    }

    static bool IsExec(in AuditEvent audit) =>
        audit.Subresource.SequenceEqual("exec"u8) && audit.Resource.SequenceEqual("pods"u8) && audit.ApiGroup.IsEmpty
        && audit.Stage.StartsWith("Response"u8)
        && (audit.StatusCode.SequenceEqual("101"u8) || audit.StatusCode.SequenceEqual("200"u8));

    static DateTimeOffset? Time(in AuditEvent audit) => DateTimeOffset.TryParse(
        Encoding.UTF8.GetString(audit.RequestReceivedTimestamp), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
        ? at
        : null;

    static ExecIdentity IdentityOf(in AuditEvent audit) => new()
    {
        Type = Encoding.ASCII.GetString(Classification.IdentityType(audit.UserName)),
        UserName = Text(audit.UserName),
        ActingAs = audit.ImpersonatedUserName.IsEmpty ? null : Text(audit.ImpersonatedUserName),
    };

    // What is the same at all stages of a request. Its id alone is not enough: clients choose ids.
    static string KeyOf(ExecEvent exec) => Hash(
    [
        exec.AuditID, exec.UserIdentity.UserName, exec.UserIdentity.ActingAs ?? "", exec.Namespace, exec.Pod, exec.Container,
        exec.Time.UtcTicks.ToString(CultureInfo.InvariantCulture), .. exec.Command,
    ]);

    static string Hash(IEnumerable<string> texts) => Convert.ToBase64String(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(texts.Select(text => $"{text.Length}:{text}")))));

    static string Member(in AuditEvent audit, ReadOnlySpan<byte> name)
    {
        foreach (var member in new JsonMembers(audit.Line, audit.Index, 0))
        {
            if (member.Name.SequenceEqual(name))
            {
                return Text(member.Text);
            }
        }

        return "";
    }

    // What is written with escapes is compared with what is not.
    static string Text(ReadOnlySpan<byte> written)
    {
        var plain = new byte[written.Length];
        return Encoding.UTF8.GetString(plain.AsSpan(0, JsonEscapes.Unescape(written, plain)));
    }

    // Who asks chooses these; nobody would take what is longer.
    static ExecEvent Shorten(ExecEvent exec) => exec with
    {
        AuditID = Shorten(exec.AuditID),
        UserIdentity = exec.UserIdentity with
        {
            UserName = Shorten(exec.UserIdentity.UserName),
            ActingAs = exec.UserIdentity.ActingAs is { } other ? Shorten(other) : null,
        },
    };

    static string Shorten(string text)
    {
        if (text.Length <= ExecEvent.LongestText)
        {
            return text;
        }

        var kept = ExecEvent.LongestText - Mark.Length;
        return text[..(char.IsHighSurrogate(text[kept - 1]) ? kept - 1 : kept)] + Mark;
    }

    // A report has a limit; what does not fit comes with the next.
    static List<ExecEvent> UpTo(int bytes, List<ExecEvent> events)
    {
        var left = bytes / 2;
        return [.. events.TakeWhile(one => (left -= SizeOf(one)) >= 0 || one == events[0])];
    }

    // A character is six at most in JSON.
    static int SizeOf(ExecEvent exec) => 1024 + (6 * (
        exec.AuditID.Length + exec.UserIdentity.UserName.Length + (exec.UserIdentity.ActingAs?.Length ?? 0)
        + exec.Command.Sum(word => word.Length + 1)));

    void Forget()
    {
        var oldest = time.GetUtcNow() - ExecReport.Longest;
        while (recent.TryPeek(out var first) && (first.Exec.Time < oldest || recent.Count >= ExecReport.Most))
        {
            dropped += first.Exec.Time < oldest ? 0 : 1;
            recent.Dequeue();
            known.Remove(first.Key);
        }
    }
}
