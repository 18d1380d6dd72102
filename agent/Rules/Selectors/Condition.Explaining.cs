using System.Text;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Explaining;

namespace ClusterTrail.Rules.Selectors;

sealed partial class Condition
{
    readonly string pathText;
    readonly string wanted;

    /// <summary>Where the condition looks.</summary>
    public Body Body => body;

    /// <summary>What the event has where the condition looks, and what is wanted; null if and only if the condition holds.</summary>
    public string? Miss(in AuditEvent audit)
    {
        var outcome = Test(audit);
        return outcome == Outcome.Yes ? null
            : body.Unknown(audit) is { } unknown ? unknown
            : $"{pathText} {Found(audit)}; wanted: {this}";
    }

    /// <summary>What is wanted of the values at the path.</summary>
    public override string ToString() =>
        test is null ? $"an item with {string.Join(" and ", where.Select(condition => $"{condition.pathText} {condition}"))}" : wanted;

    static string Wanted(FieldCondition condition) =>
        condition.Values.Count == 0 ? $"{condition.Operator}" : $"{condition.Operator} {Shown.Among(condition.Values.Select(Shown.Quote))}";

    // The walk that decides is the walk that shows.
    string Found(in AuditEvent audit)
    {
        var seen = new List<string>();
        new Condition(pathText, new SeenTexts(seen)).Test(audit);
        return seen.Count > 0 ? $"is {Shown.Among(seen)}"
            : new Condition(pathText, Presence).Test(audit) != Outcome.Yes ? "is missing"
            : test is null ? "has no such item"
            : "is no plain value";
    }

    static TextTest Presence => TextTest.Of(new() { Path = "", Operator = FieldOperator.Exists });

    /// <summary>Passes nothing, and so sees every value.</summary>
    sealed class SeenTexts(List<string> seen) : TextTest
    {
        public override bool Passes(ReadOnlySpan<byte> value)
        {
            seen.Add(Shown.Quote(Encoding.UTF8.GetString(value)));
            return false;
        }

        public override Outcome OfHead(ReadOnlySpan<byte> head)
        {
            seen.Add(Shown.Quote($"{Encoding.UTF8.GetString(head)}…"));
            return Outcome.Unknown;
        }
    }
}
