using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Selectors;

namespace ClusterTrail.Rules.Tests.Selectors;

/// <summary>What selectors say of a line.</summary>
static class Selecting
{
    public static AuditLevel LevelOf(byte[] line, SelectorsFile selectors) => LevelOf(line, new Selector(selectors), new JsonIndex());

    public static AuditLevel LevelOf(byte[] line, Selector selector, JsonIndex index)
    {
        Assert.True(AuditEvent.TryParse(line, index, out var audit, out _));
        return selector.Select(audit);
    }

    /// <summary>The level, and whether a set and a rule are named that give it.</summary>
    public static (AuditLevel Level, bool HasRule) DecidedOf(byte[] line, Selector selector, JsonIndex index) =>
        AuditEvent.TryParse(line, index, out var audit, out _)
            ? (selector.Select(audit, out var bySet, out var byRule), bySet >= 0 && byRule >= 0)
            : (AuditLevel.None, false);

    /// <summary>Whether the rule matches the line.</summary>
    public static bool Matches(byte[] line, SelectorRule rule) => LevelOf(line, Some.Selectors(rule with { Level = SelectorLevel.Metadata })) == AuditLevel.Metadata;

    public static bool Holds(byte[] line, string path, FieldOperator fieldOperator, params string[] values) =>
        Matches(line, new() { Level = SelectorLevel.Metadata, Fields = [new() { Path = path, Operator = fieldOperator, Values = values }] });
}
