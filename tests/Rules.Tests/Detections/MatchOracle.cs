using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Rules.Tests.Detections;

/// <summary>docs/detections.md in the plainest words, on documents: the judge of our matcher. Null is "not evaluable".</summary>
static class MatchOracle
{
    public static bool? Test(DetectionRule rule, JsonObject audit) => And(Test(rule.Match, audit), Not(Excepted(rule.Exceptions, audit)));

    public static bool? Test(Match match, JsonObject audit) => And(
        [
            Request(match, audit),
            .. match.Fields.Select(condition => Test(condition, audit)),
            .. match.All.Select(one => Test(one, audit)),
            .. match.None.Select(one => Not(Test(one, audit))),
            match.Any.Count == 0 ? true : Or([.. match.Any.Select(one => Test(one, audit))]),
        ]);

    static bool? And(params bool?[] all) => all.Contains(false) ? false : all.Contains(null) ? null : true;

    static bool? Or(params bool?[] all) => all.Contains(true) ? true : all.Contains(null) ? null : false;

    static bool? Not(bool? one) => !one;

    static bool Request(Match match, JsonObject audit)
    {
        var user = Text(audit, "user", "username");
        var groups = Find(audit, "user", "groups") is JsonArray all ? all.Select(group => (string)group!) : [];
        var target = audit["objectRef"] as JsonObject;
        return (match.Verbs.Count == 0 || match.Verbs.Contains(Text(audit, "verb")))
            && (match.Users.Count == 0 || (user != "" && match.Users.Contains(user)))
            && (match.UserGroups.Count == 0 || (user != "" && match.UserGroups.Intersect(groups).Any()))
            && (match.Namespaces.Count == 0 || (target is not null && match.Namespaces.Contains(Text(target, "namespace"))))
            && (match.Resources.Count == 0 || (target is not null && match.Resources.Any(resources => Matches(resources, target))))
            && (match.NonResourceURLs.Count == 0 || (target is null && match.NonResourceURLs.Any(url => Like(url, Text(audit, "requestURI").Split('?')[0]))));
    }

    static bool Matches(GroupResources pattern, JsonObject target)
    {
        var (resource, sub) = (Text(target, "resource"), Text(target, "subresource"));
        return (pattern.Group == "*" || pattern.Group == Text(target, "apiGroup"))
            && (pattern.Resources.Count == 0
                || (pattern.Resources.Any(name => name == "*" || name == (sub == "" ? resource : $"{resource}/{sub}") || name == $"{resource}/*" || (sub != "" && name == $"*/{sub}"))
                    && (pattern.ResourceNames.Count == 0 || pattern.ResourceNames.Contains(Text(target, "name")))));
    }

    static bool? Test(MatchCondition condition, JsonObject audit) =>
        OtherPaths(condition).Prepend(condition.Path).Any(path => IsUnknown(path, audit))
            ? null
            : HoldsOf(condition, Values(condition.Path, audit), audit);

    // What the values at a path are compared with, there or below.
    static IEnumerable<string> OtherPaths(MatchCondition condition) =>
        condition.Operator is FieldOperator.EqualsField or FieldOperator.NotEqualsField ? condition.Values : condition.Where.SelectMany(OtherPaths);

    static bool IsUnknown(string path, JsonObject audit)
    {
        var level = Text(audit, "level");
        return Split(path).First switch
        {
            "requestObject" => level == "Metadata" || IsCut(audit, "requestObject"),
            "responseObject" => level != "RequestResponse" || IsCut(audit, "responseObject"),
            "object" or "podSpec" or "container" => level == "Metadata" || IsCut(audit, "requestObject")
                || (audit["requestObject"] is JsonArray && (level != "RequestResponse" || IsCut(audit, "responseObject"))),
            _ => false,
        };
    }

    static IEnumerable<JsonNode?> Values(string path, JsonObject audit)
    {
        var (first, rest) = Split(path);
        var written = audit["requestObject"] is JsonArray ? audit["responseObject"] : audit["requestObject"];
        return first switch
        {
            // What is not there is not null.
            "object" when !audit.ContainsKey(audit["requestObject"] is JsonArray ? "responseObject" : "requestObject") => [],
            "object" => At(written, rest),
            "podSpec" => PodSpecs(written).SelectMany(spec => At(spec, rest)),
            "container" => PodSpecs(written)
                .SelectMany(spec => new[] { "containers", "initContainers", "ephemeralContainers" }.SelectMany(kind => At(spec, $"{kind}[*]"), (_, container) => container))
                .SelectMany(container => At(container, rest)),
            _ => At(audit, path),
        };
    }

    static IEnumerable<JsonNode?> PodSpecs(JsonNode? holder) => holder is not JsonObject map ? [] : map.SelectMany(member => member.Key switch
    {
        "spec" => [member.Value, .. PodSpecs(member.Value)],
        "template" or "jobTemplate" => PodSpecs(member.Value),
        _ => [],
    });

    static bool IsCut(JsonObject audit, string body) => !audit.ContainsKey(body) && Find(audit, "annotations", "audit.k8s.io/truncated")?.ToString() == "true";

    static bool HoldsOf(MatchCondition condition, IEnumerable<JsonNode?> values, JsonObject audit)
    {
        values = [.. values];
        var there = values.Where(value => value is not null).Select(value => value!).ToList();
        if (condition.Where.Count > 0)
            return there.SelectMany(Items).Any(item => item is not null && condition.Where.All(inner => HoldsOf(inner, At(item, inner.Path), audit)));

        var texts = there.SelectMany(Items).OfType<JsonValue>().Select(TextOf).ToList();
        bool Any(Func<string, string, bool> test) => texts.Any(text => condition.Values.Any(value => test(text, value)));
        bool AnyOther() => texts.Intersect(condition.Values.SelectMany(path => Values(path, audit)).SelectMany(Items).OfType<JsonValue>().Select(TextOf)).Any();
        return condition.Operator switch
        {
            FieldOperator.IsNull => values.SelectMany(Items).Any(value => value is null),
            FieldOperator.LongerThan => Any((text, value) => Encoding.UTF8.GetByteCount(text) > int.Parse(value, CultureInfo.InvariantCulture)),
            FieldOperator.EqualsField => AnyOther(),
            FieldOperator.NotEqualsField => !AnyOther(),
            FieldOperator.Equals => Any(string.Equals),
            FieldOperator.NotEquals => !Any(string.Equals),
            FieldOperator.StartsWith => Any((text, value) => text.StartsWith(value, StringComparison.Ordinal)),
            FieldOperator.NotStartsWith => !Any((text, value) => text.StartsWith(value, StringComparison.Ordinal)),
            FieldOperator.EndsWith => Any((text, value) => text.EndsWith(value, StringComparison.Ordinal)),
            FieldOperator.NotEndsWith => !Any((text, value) => text.EndsWith(value, StringComparison.Ordinal)),
            FieldOperator.Matches => Any((text, value) => System.Text.RegularExpressions.Regex.IsMatch(text, value)),
            FieldOperator.InCIDR => Any((text, value) => IPAddress.TryParse(text, out var address) && IPNetwork.Parse(value).Contains(address)),
            _ => there.Count > 0 == (condition.Values is not ["false"]),
        };
    }

    // A path that ends at a list means its items.
    static IEnumerable<JsonNode?> Items(JsonNode? node) => node is JsonArray list ? list.SelectMany(Items) : [node];

    static string TextOf(JsonNode value) => value.GetValueKind() == JsonValueKind.String ? (string)value! : value.ToJsonString();

    // Names, [n] and [*] are all that random paths have.
    static IEnumerable<JsonNode?> At(JsonNode? node, string path)
    {
        if (path == "")
            return [node];

        var (first, rest) = Split(path);
        var next = first switch
        {
            "[*]" when node is JsonArray list => list,
            "[*]" when node is JsonObject map => map.Select(member => member.Value),
            ['[', .. var inner, ']'] when int.TryParse(inner, out var index) => node is JsonArray list && index < list.Count ? [list[index]] : [],
            _ => node is JsonObject map && map.TryGetPropertyValue(first, out var child) ? [child] : (IEnumerable<JsonNode?>)[],
        };
        return next.SelectMany(one => At(one, rest));
    }

    static (string First, string More) Split(string path)
    {
        var end = path.IndexOfAny(['.', '['], 1);
        return end < 0 ? (path, "") : (path[..end], path[end..].TrimStart('.'));
    }

    static bool? Excepted(DetectionExceptions exceptions, JsonObject audit)
    {
        var groups = Find(audit, "user", "groups") is JsonArray all ? all.Select(group => (string)group!) : [];
        bool IsOf(IEnumerable<string> patterns, string text) => text != "" && patterns.Any(pattern => Like(pattern, text));
        if (IsOf(exceptions.Users, Text(audit, "user", "username")) || groups.Any(group => IsOf(exceptions.UserGroups, group)) || IsOf(exceptions.Namespaces, Text(audit, "objectRef", "namespace")))
            return true;
        if (exceptions.Images.Count == 0)
            return false;
        var level = Text(audit, "level");
        if (Test(new MatchCondition { Path = "object", Operator = FieldOperator.Exists }, audit) is null)
            return null;
        var images = Values("container.image", audit).SelectMany(Items).OfType<JsonValue>().Select(TextOf).ToList();
        return images.Count > 0 && images.All(image => exceptions.Images.Any(pattern => Like(pattern, image)));
    }

    static bool Like(string pattern, string text) => pattern.EndsWith('*') ? text.StartsWith(pattern[..^1], StringComparison.Ordinal) : text == pattern;

    static string Text(JsonNode? parent, params string[] path) => Find(parent, path) is JsonValue value ? value.ToString() : "";

    static JsonNode? Find(JsonNode? parent, params string[] path)
    {
        foreach (var name in path)
            parent = (parent as JsonObject)?[name];
        return parent;
    }
}
