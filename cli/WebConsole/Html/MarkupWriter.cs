using System.Globalization;
using System.Text;
using static ClusterTrail.WebConsole.Html.Markup;

namespace ClusterTrail.WebConsole.Html;

/// <summary>Writes HTML; nothing else does.</summary>
/// <remarks>
/// Guarantees: no text of a record becomes markup, a script, a style or an address outside of the console. Elements and attributes that
/// could run or load something are refused, also if a page asks for them: see <see cref="Refuse"/>.
/// </remarks>
sealed class MarkupWriter
{
    static readonly HashSet<string> Void = ["br", "hr", "input", "link", "meta"];
    static readonly HashSet<string> Refused = ["script", "style", "iframe", "object", "embed", "base", "foreignObject", "template", "img"];
    static readonly HashSet<string> Addresses = ["href", "action", "formaction", "src", "data", "ping", "poster"];

    readonly StringBuilder html = new();

    /// <summary>A whole document.</summary>
    internal static byte[] Document(Element root)
    {
        var writer = new MarkupWriter();
        writer.html.Append("<!doctype html>\n");
        writer.Write(root);
        return Encoding.UTF8.GetBytes(writer.html.Append('\n').ToString());
    }

    /// <summary>A part of one, as text.</summary>
    internal static string Text(Markup markup)
    {
        var writer = new MarkupWriter();
        writer.Write(markup);
        return writer.html.ToString();
    }

    void Write(Markup markup)
    {
        switch (markup)
        {
            case Characters characters:
                WriteText(characters.Text);
                break;
            case Several several:
                foreach (var part in several.Parts)
                    Write(part);
                break;
            case Element element:
                WriteElement(element);
                break;
            default:
                html.Append('\n');
                break;
        }
    }

    void WriteElement(Element element)
    {
        if (Refused.Contains(element.Name) || !element.Name.All(char.IsAsciiLetterOrDigit))
            Refuse($"the element {element.Name}");
        html.Append('<').Append(element.Name);
        foreach (var (name, value) in element.Attributes)
            WriteAttribute(name, value);
        html.Append('>');
        if (Void.Contains(element.Name))
            return;
        foreach (var child in element.Children)
        {
            // A title shows its text only: an element in it would be read aloud.
            if (element.Name == "title" && child is Characters characters)
                Escape(VisibleText.Of(characters.Text));
            else
                Write(child);
        }

        html.Append("</").Append(element.Name).Append('>');
    }

    void WriteText(string text)
    {
        foreach (var (run, isCode) in VisibleText.Runs(text))
        {
            if (isCode)
                html.Append("<span class=\"code\">").Append(run).Append("</span>");
            else
                Escape(run);
        }
    }

    void WriteAttribute(string name, string value)
    {
        if (name.StartsWith("on", StringComparison.OrdinalIgnoreCase) || name is "style" or "srcdoc" or "http-equiv"
            || !name.All(character => char.IsAsciiLetterOrDigit(character) || character == '-'))
            Refuse($"the attribute {name}");
        if (Addresses.Contains(name) && !IsOwn(value))
            Refuse($"the address {value}");
        html.Append(' ').Append(name).Append("=\"");
        // What is typed into a field is sent as it is there, so it is the very text.
        if (name == "value")
            Reference(value);
        else
            Escape(VisibleText.Of(value));
        html.Append('"');
    }

    // Of this console; and the empty icon, without which browsers ask for one.
    static bool IsOwn(string address) =>
        address == "data:," || address.StartsWith('#') || (address.StartsWith('/') && !address.StartsWith("//", StringComparison.Ordinal)
            && !address.Contains('\\', StringComparison.Ordinal));

    void Escape(string text)
    {
        foreach (var character in text)
        {
            _ = character switch
            {
                '&' => html.Append("&amp;"),
                '<' => html.Append("&lt;"),
                '>' => html.Append("&gt;"),
                '"' => html.Append("&quot;"),
                '\'' => html.Append("&#39;"),
                _ => html.Append(character),
            };
        }
    }

    void Reference(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || rune.Value is ' ')
                html.Append(rune);
            else
                html.Append(CultureInfo.InvariantCulture, $"&#{rune.Value};");
        }
    }

    static void Refuse(string what) => throw new InvalidOperationException($"A page has {what}, which no page may have.");
}
