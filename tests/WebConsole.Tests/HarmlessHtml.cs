using System.Text.RegularExpressions;

namespace ClusterTrail.WebConsole.Tests;

/// <summary>Takes a page apart as a browser does, and fails if it has anything that could run, load or lead elsewhere.</summary>
static partial class HarmlessHtml
{
    static readonly HashSet<string> Elements =
    [
        "a", "body", "button", "caption", "code", "dd", "div", "dl", "dt", "figcaption", "figure", "footer", "form", "g", "h1", "h2",
        "head", "header", "html", "input", "label", "li", "line", "link", "main", "meta", "nav", "option", "p", "path", "pre", "rect", "select",
        "span", "strong", "svg", "table", "tbody", "td", "th", "thead", "time", "title", "tr", "ul",
    ];

    internal static void Check(string html)
    {
        Assert.StartsWith("<!doctype html>\n<html", html, StringComparison.Ordinal);
        var open = new Stack<string>();
        foreach (Match tag in Tag().Matches(html[15..]))
        {
            var name = tag.Groups["name"].Value;
            Assert.Contains(name, Elements);
            if (tag.Groups["end"].Success)
                Assert.Equal(open.Pop(), name);
            else if (name is not ("input" or "link" or "meta"))
                open.Push(name);
            foreach (Match attribute in Attribute().Matches(tag.Groups["attributes"].Value))
                CheckAttribute(attribute.Groups["name"].Value, attribute.Groups["value"].Value);
        }

        Assert.Empty(open);
        // Whatever is not a tag has no bracket and no quote left.
        Assert.DoesNotContain('<', Tag().Replace(html[15..], ""));
        Assert.DoesNotContain(html, character => char.IsControl(character) && character != '\n');
        Assert.DoesNotContain(html, character => character is '\u202e' or '\u2066' or '\u200b');
    }

    static void CheckAttribute(string name, string value)
    {
        Assert.DoesNotMatch("(?i)^on|^style$|^srcdoc$|^http-equiv$", name);
        if (name is "href" or "action" or "src")
            Assert.Matches("^(/([^/].*)?|#.*|data:,)$", value);
    }

    [GeneratedRegex("<(?<end>/)?(?<name>[a-zA-Z0-9]+)(?<attributes>( [a-zA-Z0-9-]+=\"[^\"<>]*\")*)>")]
    private static partial Regex Tag();

    [GeneratedRegex("(?<name>[a-zA-Z0-9-]+)=\"(?<value>[^\"]*)\"")]
    private static partial Regex Attribute();
}
