using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Kubectl.Explain;

/// <summary>Who asked for what: the parts that distinguish events.</summary>
sealed record EventHead(string Time, string User, string Verb, string Target, string Stage, string Code, string Level)
{
    internal static EventHead Of(in AuditEvent audit) => new(
        Text(audit.StageTimestamp), audit.IsProcess ? ProgramOf(audit) : Text(audit.UserName), Text(audit.Verb), TargetOf(audit),
        Text(audit.Stage), Text(audit.StatusCode),
        $"{audit.Level}");

    // A process has no user; what ran is what tells processes apart.
    static string ProgramOf(in AuditEvent process)
    {
        foreach (var member in new JsonMembers(process.Line, process.Index, 0))
        {
            if (!member.Name.SequenceEqual("process"u8))
                continue;
            foreach (var part in new JsonMembers(process.Line, process.Index, member.Value))
            {
                if (part.Name.SequenceEqual("executable"u8))
                    return $"process {Text(part.Text)}";
            }
        }

        return "process";
    }

    public override string ToString() =>
        string.Join(' ', new[] { Time, User.Length == 0 ? "nobody" : User, Verb, Target }.Where(part => part.Length > 0))
            + $": {Stage}{(Code.Length == 0 ? "" : $" {Code}")}, level {Level}";

    internal JsonObject ToJson() => new()
    {
        ["stageTimestamp"] = Time,
        ["username"] = User,
        ["verb"] = Verb,
        ["target"] = Target,
        ["stage"] = Stage,
        ["code"] = Code,
        ["level"] = Level,
    };

    static string TargetOf(in AuditEvent audit)
    {
        if (!audit.HasObject)
            return Text(audit.RequestUri);
        var kind = string.Join('/', new[] { Text(audit.Resource), Text(audit.Subresource) }.Where(part => part.Length > 0));
        var name = string.Join('/', new[] { Text(audit.Namespace), Text(audit.Name) }.Where(part => part.Length > 0));
        return name.Length == 0 ? kind : $"{kind} {name}";
    }

    static string Text(ReadOnlySpan<byte> written)
    {
        var buffer = new byte[written.Length];
        return Encoding.UTF8.GetString(buffer, 0, JsonEscapes.Unescape(written, buffer));
    }
}
