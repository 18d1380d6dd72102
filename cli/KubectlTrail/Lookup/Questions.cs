using System.Net;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;

namespace ClusterTrail.Kubectl.Lookup;

/// <summary>What the options of <c>lookup</c> ask of a record.</summary>
static class Questions
{
    internal static RecordTest User(IEnumerable<string> values) => new RecordTest.OfTexts(values, UserName, ActingAs);

    internal static RecordTest Verb(IEnumerable<string> values) => new RecordTest.OfTexts(values, VerbOf);

    internal static RecordTest Resource(IEnumerable<string> values) => Any(values.Select(value => new ResourceTest(value)));

    internal static RecordTest Namespace(IEnumerable<string> values) =>
        new RecordTest.OfTexts(values, static (in record) => record.TextAt(record.ObjectRef, "namespace"u8));

    internal static RecordTest Name(IReadOnlyList<string> values) => Any(
    [
        new RecordTest.OfTexts(values, NameOf),
        new RecordTest.OfItems(values, static (in record) => record.TokenAt(record.Aggregate, "names"u8)),
        new MoreNamesTest(),
    ]);

    internal static RecordTest Error(IEnumerable<string> values) =>
        new RecordTest.OfTexts(values, static (in record) => record.Error, CodeOfError);

    internal static RecordTest Category(IEnumerable<string> values) =>
        new RecordTest.OfTexts(values, static (in record) => record.Category);

    internal static RecordTest ReadOnly(IEnumerable<string> values) =>
        new RecordTest.OfTexts(values, static (in record) => record.ReadOnly);

    internal static RecordTest Rule(IEnumerable<string> values) =>
        new RecordTest.OfTexts(values, static (in record) => record.TextAt(record.Finding, "rule"u8));

    internal static RecordTest Severity(IEnumerable<string> values) =>
        new RecordTest.OfTexts(values, static (in record) => record.TextAt(record.Finding, "severity"u8));

    /// <summary>The record, the findings about it, and the processes that it started.</summary>
    internal static RecordTest EventId(IReadOnlyList<string> values) => Any(
    [
        new RecordTest.OfTexts(values, static (in record) => record.Id, static (in record) => record.ApiEventId),
        new RecordTest.OfItems(values, static (in record) => record.TokenAt(record.Finding, "eventIDs"u8)),
        new RecordTest.OfItems(values, ApiEvents, "eventID"u8.ToArray()),
    ]);

    internal static RecordTest AuditId(IEnumerable<string> values) =>
        new RecordTest.OfTexts(values, static (in record) => record.TextAt(record.Event, "auditID"u8));

    /// <summary>What a person did, with what ran in containers because of it.</summary>
    internal static RecordTest Session(string user) => Any(
    [
        User([user]),
        new RecordTest.OfItems([user], ApiEvents, "userIdentity"u8.ToArray(), "userName"u8.ToArray()),
        new RecordTest.OfItems([user], ApiEvents, "userIdentity"u8.ToArray(), "actingAs"u8.ToArray()),
    ]);

    /// <exception cref="TrailException">One is neither an address, nor a network, nor a pattern.</exception>
    internal static RecordTest Address(IReadOnlyList<string> values)
    {
        var networks = values.Where(value => value.Contains('/', StringComparison.Ordinal)).Select(Network).ToList();
        var others = values.Where(value => !value.Contains('/', StringComparison.Ordinal)).ToList();
        return Any(
        [
            .. others.Count > 0 ? [new RecordTest.OfTexts(others, static (in record) => record.Address)] : Array.Empty<RecordTest>(),
            .. others.Where(value => SourceAddress.TryParse(value, out _)).Select(Only),
            .. networks.Count > 0 ? [new RecordTest.OfNetworks(networks)] : Array.Empty<RecordTest>(),
        ]);
    }

    internal static RecordTest Any(IEnumerable<RecordTest> tests) => tests.ToList() is { Count: > 1 } several
        ? new RecordTest.Any(several)
        : tests.Single();

    static RecordTest Only(string value) =>
        SourceAddress.TryParse(value, out var address) ? RecordTest.OfNetworks.Only(address) : throw new InvalidOperationException(value);

    static IPNetwork Network(string value)
    {
        var condition = new FieldCondition { Path = "sourceIPAddress", Operator = FieldOperator.InCIDR, Values = [value] };
        return Contracts.ProblemsOf(condition).Count == 0
            ? IPNetwork.Parse(value)
            : throw new TrailException(
                ExitCode.BadUsage,
                $"--source-ip {value} is no network; give one like 10.0.0.0/8 without host bits, an address, or 10.1.*.");
    }

    static ReadOnlySpan<byte> UserName(in RecordView record) => record.UserName;

    static ReadOnlySpan<byte> ActingAs(in RecordView record) => record.ActingAs;

    static ReadOnlySpan<byte> NameOf(in RecordView record) => record.TextAt(record.ObjectRef, "name"u8);

    // What went well has a code too.
    static ReadOnlySpan<byte> CodeOfError(in RecordView record) =>
        record.Error.IsEmpty ? default
        : record.Aggregate != 0 ? record.TextAt(record.Aggregate, "statusCode"u8)
        : record.TextAt(record.TokenAt(record.Event, "responseStatus"u8), "code"u8);

    static int ApiEvents(in RecordView record) => record.TokenAt(record.TokenAt(record.Event, "join"u8), "apiEvents"u8);

    // "create pods/exec"; of what ran in containers one word.
    static ReadOnlySpan<byte> VerbOf(in RecordView record) =>
        record.Name.IndexOf((byte)' ') is >= 0 and var end ? record.Name[..end] : record.Name;
}
