using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ClusterTrail.Contract.Yaml;

/// <summary>What a word in YAML means to Kubernetes, whose parser follows YAML 1.1: <c>no</c> is false, <c>0644</c> is 420.</summary>
static partial class YamlScalar
{
    static readonly HashSet<string> Nulls = ["", "~", "null", "Null", "NULL"];
    static readonly HashSet<string> Trues = ["true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"];
    static readonly HashSet<string> Falses = ["false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N"];

    public static JsonNode? ToJson(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        return scalar.Style != ScalarStyle.Plain || scalar.Tag == "tag:yaml.org,2002:str" ? JsonValue.Create(text)
            : Nulls.Contains(text) ? null
            : Trues.Contains(text) ? JsonValue.Create(true)
            : Falses.Contains(text) ? JsonValue.Create(false)
            : Number(text.Replace("_", "", StringComparison.Ordinal)) ?? JsonValue.Create(text);
    }

    /// <summary>Whether the text, without quotes, would still be this text to every reader of YAML.</summary>
    public static bool IsPlain(string text) =>
        Harmless().IsMatch(text)
        && ToJson(new(text) { Style = ScalarStyle.Plain })?.GetValueKind() == System.Text.Json.JsonValueKind.String;

    static JsonValue? Number(string text)
    {
        if (Octal().IsMatch(text))
            return JsonValue.Create(Convert.ToInt64(text.Replace("o", "", StringComparison.Ordinal), 8));
        if (Hexadecimal().IsMatch(text))
            return JsonValue.Create(long.Parse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            return JsonValue.Create(whole);
        // What is too great for a number is a text: JSON has no infinity.
        return Float().IsMatch(text) && double.Parse(text, CultureInfo.InvariantCulture) is var real && double.IsFinite(real)
            ? JsonValue.Create(real)
            : null;
    }

    [GeneratedRegex("^0o?[0-7]{1,20}\\z")]
    private static partial Regex Octal();

    [GeneratedRegex("^0x[0-9a-fA-F]{1,15}\\z")]
    private static partial Regex Hexadecimal();

    [GeneratedRegex("^[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?\\z")]
    private static partial Regex Float();

    // Letters first, so no number or date; no blank, so neither a comment nor a mapping.
    [GeneratedRegex("^[A-Za-z/_$(]([A-Za-z0-9/_.$()@+=,-]|:(?=[^\\s:]))*\\z")]
    private static partial Regex Harmless();
}
