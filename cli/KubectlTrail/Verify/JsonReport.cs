using System.Text.Encodings.Web;
using System.Text.Json;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Verification;
using ClusterTrail.Verification.Chains;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Stores;
using ClusterTrail.Verification.Sums;

namespace ClusterTrail.Kubectl.Verify;

/// <summary>What a program reads after a verification; its heads can be given to a later one.</summary>
static class JsonReport
{
    internal const string Version = "1.0";

    static readonly JsonWriterOptions Indented = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NewLine = "\n",
    };

    internal static void Write(Stream output, VerificationResult result, FindingKind? gravest)
    {
        using (var json = new Utf8JsonWriter(output, Indented))
        {
            json.WriteStartObject();
            WriteHead(json, result, gravest);
            WriteTotals(json, result);
            WriteArray(json, "chains", result.Chains, WriteChain);
            WriteArray(json, "heads", result.Chains.Where(chain => chain.IsNewest), WriteHead);
            WriteArray(json, "findings", result.Findings.Findings, WriteFinding);
            WriteArray(json, "notes", result.Options.Notes, (writer, note) => writer.WriteStringValue(note));
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
        output.Flush();
    }

    static void WriteHead(Utf8JsonWriter json, VerificationResult result, FindingKind? gravest)
    {
        var (scope, trusted) = (result.Options.Scope, result.Options.Trusted);
        json.WriteString("kind", "Verification");
        json.WriteString("version", Version);
        json.WriteString("location", result.Location);
        json.WriteString("verifiedAt", SignedTime.Text(result.Options.Now));
        json.WriteBoolean("verified", gravest is null);
        json.WriteNumber("exitCode", gravest?.Code() ?? 0);
        Text(json, "reason", gravest?.ToString());
        json.WriteStartObject("scope");
        Text(json, "cluster", scope.Cluster);
        Text(json, "trail", scope.Trail);
        Text(json, "node", scope.Node);
        Time(json, "since", scope.Since);
        Time(json, "until", scope.Until);
        json.WriteEndObject();
        json.WriteStartObject("keys");
        WriteArray(json, "operators", trusted.Operators, (writer, key) => writer.WriteStringValue(key.Id));
        WriteArray(json, "agents", trusted.Agents, (writer, key) => writer.WriteStringValue(key.Id));
        json.WriteEndObject();
    }

    static void WriteTotals(Utf8JsonWriter json, VerificationResult result)
    {
        json.WriteStartObject("counts");
        json.WriteNumber("nodes", result.Nodes.Count);
        json.WriteNumber("chains", result.Chains.Count);
        json.WriteNumber("digests", result.Chains.SumSafely(chain => chain.Digests));
        json.WriteNumber("keyRecords", result.KeyRecords);
        json.WriteNumber("objects", result.Chains.SumSafely(chain => chain.Objects));
        json.WriteNumber("records", result.Chains.SumSafely(chain => chain.Records));
        json.WriteNumber("bytes", result.Chains.SumSafely(chain => chain.Bytes));
        json.WriteEndObject();
        json.WriteStartObject("findingCounts");
        foreach (var (kind, count) in result.Findings.Counts)
            json.WriteNumber($"{kind}", count);
        json.WriteEndObject();
    }

    static void WriteChain(Utf8JsonWriter json, ChainSummary chain)
    {
        json.WriteStartObject();
        Owner(json, chain.Node, chain.Label);
        json.WriteString("chainId", chain.ChainId);
        json.WriteNumber("firstSequence", chain.FirstSequence);
        json.WriteNumber("lastSequence", chain.Head.Sequence);
        Time(json, "from", chain.From);
        Time(json, "until", chain.Until);
        Time(json, "verifiedUntil", chain.ProvenUntil);
        Time(json, "lastDigest", chain.LastUntil);
        Time(json, "nextBy", chain.NextBy);
        Text(json, "stop", chain.Stop?.ToString());
        json.WriteNumber("digests", chain.Digests);
        json.WriteNumber("objects", chain.Objects);
        json.WriteNumber("records", chain.Records);
        json.WriteNumber("bytes", chain.Bytes);
        json.WriteString("keyId", chain.Key.Id);
        WriteCompleteness(json, chain.Completeness);
        json.WriteEndObject();
    }

    // Absent: the operator said nothing.
    static void WriteCompleteness(Utf8JsonWriter json, CompletenessTotals completeness)
    {
        if (completeness == CompletenessTotals.None)
            return;
        json.WriteStartObject("completeness");
        Time(json, "comparedUntil", completeness.ComparedUntil);
        json.WriteNumber("missingAtLeast", completeness.Missing);
        json.WriteNumber("missingAtMost", completeness.MostMissing);
        json.WriteNumber("surplusAtLeast", completeness.Surplus);
        json.WriteBoolean("ofAll", completeness.OfAll);
        Text(json, "notCompared", completeness.NotCompared);
        Time(json, "notComparedSince", completeness.NotComparedSince);
        json.WriteEndObject();
    }

    static void WriteHead(Utf8JsonWriter json, ChainSummary chain)
    {
        json.WriteStartObject();
        Owner(json, chain.Node, chain.Label);
        json.WriteString("chainId", chain.ChainId);
        json.WriteNumber("sequence", chain.Head.Sequence);
        json.WriteString("sha256", chain.Head.Sha256);
        Time(json, "time", chain.LastUntil);
        json.WriteEndObject();
    }

    static void WriteFinding(Utf8JsonWriter json, ArchiveFinding finding)
    {
        json.WriteStartObject();
        json.WriteString("kind", $"{finding.Kind}");
        json.WriteNumber("code", finding.Kind.Code());
        json.WriteBoolean("fails", finding.Kind.Fails());
        if (finding.Node is { } node)
            Owner(json, node, finding.Chain);
        json.WriteString("subject", finding.Subject);
        json.WriteString("message", finding.Message);
        json.WriteNumber("count", finding.Count);
        json.WriteEndObject();
    }

    static void Owner(Utf8JsonWriter json, ArchiveNode node, string? chain)
    {
        json.WriteString("cluster", node.Cluster);
        json.WriteString("trail", node.Trail);
        json.WriteString("node", node.Node);
        Text(json, "chain", chain);
    }

    static void WriteArray<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
            write(json, item);
        json.WriteEndArray();
    }

    static void Text(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
            json.WriteString(name, text);
    }

    static void Time(Utf8JsonWriter json, string name, DateTimeOffset? time) =>
        Text(json, name, time is { } known ? SignedTime.Text(known) : null);
}
