using System.Net;
using System.Text;
using ClusterTrail.Kubectl.Shared;

namespace ClusterTrail.Kubectl.Printing;

/// <summary>One page that an auditor can file: it needs nothing besides, and has no scripts.</summary>
sealed class HtmlPage
{
    const string Style =
        """
        body { font: 14px/1.45 system-ui, sans-serif; color: #1b1f24; margin: 2em auto; max-width: 75em; padding: 0 1.5em }
        h1 { font-size: 1.6em } h2 { font-size: 1.2em; margin-top: 2em; border-bottom: 1px solid #c8ccd1 }
        .verdict { padding: .8em 1em; border-left: .4em solid; font-weight: 600 } .good { border-color: #1a7f37; background: #e6f4ea }
        .bad { border-color: #b3261e; background: #fdeceb } table { border-collapse: collapse; width: 100%; font-size: .92em }
        th, td { text-align: left; vertical-align: top; padding: .3em .6em; border-bottom: 1px solid #dde1e6 } th { background: #f3f5f7 }

        """
        + "td.n { text-align: right; font-variant-numeric: tabular-nums } "
        + "code, pre { font: .92em ui-monospace, monospace; overflow-wrap: anywhere }\n"
        + "pre { background: #f3f5f7; padding: .8em 1em; white-space: pre-wrap } "
        + "dt { font-weight: 600 } dd { margin: 0 0 .5em 0; overflow-wrap: anywhere }\n"
        + "@media print { body { margin: 0; max-width: none; font-size: 10.5px } "
        + "tr { break-inside: avoid } thead { display: table-header-group } }";

    readonly StringBuilder page = new();

    internal HtmlPage(string title, string heading)
    {
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.Append($"<title>{Text(title)}</title>\n");
        page.Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
        page.Append($"<style>\n{Style}\n</style>\n</head>\n<body>\n<h1>{Text(heading)}</h1>\n");
    }

    /// <summary>A text as it stands in a page: nothing in it is markup, and nothing is invisible.</summary>
    internal static string Text(string text) => WebUtility.HtmlEncode(Printable.Escape(text));

    /// <summary>Markup of the caller's own; what is not is passed through <see cref="Text"/>.</summary>
    internal HtmlPage Append(string markup)
    {
        page.Append(markup);
        return this;
    }

    internal HtmlPage Verdict(bool isGood, string sentence) =>
        Append($"<p class=\"verdict {(isGood ? "good" : "bad")}\">{Text(sentence)}</p>\n");

    internal HtmlPage Paragraph(string text) => Append($"<p>{Text(text)}</p>\n");

    /// <summary>An entry of a list of definitions, which the caller begins and ends.</summary>
    internal HtmlPage Definition(string term, string text) => Append($"<dt>{Text(term)}</dt><dd>{Text(text)}</dd>\n");

    /// <param name="head">Texts.</param>
    /// <param name="rows">Markup.</param>
    internal HtmlPage Table(IEnumerable<string> head, IEnumerable<IEnumerable<string>> rows)
    {
        var all = rows.ToList();
        if (all.Count == 0)
            return Append("<p>None.</p>\n");
        Append($"<table>\n<thead><tr>{string.Concat(head.Select(cell => $"<th>{Text(cell)}</th>"))}</tr></thead>\n<tbody>\n");
        foreach (var row in all)
            Append($"<tr>{string.Concat(row.Select(cell => $"<td>{cell}</td>"))}</tr>\n");
        return Append("</tbody>\n</table>\n");
    }

    internal string End() => page.Append("</body>\n</html>\n").ToString();
}
