namespace ClusterTrail.WebConsole.Tests;

/// <summary>Records that try to be more than text, in every field that pages show.</summary>
static class HostileRecords
{
    internal static IReadOnlyList<string> Texts { get; } =
    [
        "<script>document.title='owned';alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)' x='",
        "</title><script>alert(1)</script>",
        "</textarea></pre></style><svg onload=alert(1)>",
        "javascript:alert(1)",
        "https://elsewhere.example/?steal",
        "//elsewhere.example/x",
        "/record?id=1&x=<b>",
        "\u202egnp.exe\u2066\u200b",
        "a\0b\u001b[2J\r\n\u0085\u2028",
        "{{7*7}} ${7*7} <%= 7*7 %>",
        "'; DROP TABLE archive.events; --",
        "%00 %3Cscript%3E &lt;script&gt; &#60;script&#62;",
        "*%_\\",
        "~2026-03-01~",
    ];

    /// <summary>One record for each text, and one of a megabyte, each with a finding.</summary>
    internal static IReadOnlyList<string> All { get; } =
    [
        .. Texts.Append(new string('x', 1 << 20)).Index().SelectMany(one => Of(one.Item, one.Index)),
        // Half a character, which only JSON can spell.
        $"{(new SomeRecord { Id = "half", User = "HALF" }).At(100)}".Replace("HALF", "\\ud800", StringComparison.Ordinal),
        $"{(new SomeRecord { Id = "half-2", User = "HALF" }).At(101)}".Replace("HALF", "\\ud800", StringComparison.Ordinal),
        (new SomeRecord { Id = "half-2", User = "HALF" }).At(101).Finding("half-rule", "low")
            .Replace("HALF", "\\ud800", StringComparison.Ordinal),
        "{}", "{\"eventID\":1,\"eventTime\":{},\"userIdentity\":[]}",
        "{\"eventTime\":\"never\",\"userIdentity\":{\"userName\":\"timeless\"}}",
    ];

    static string[] Of(string text, int number)
    {
        var record = (new SomeRecord
        {
            Id = text,
            User = text,
            ActingAs = text,
            Verb = text,
            Group = text,
            Resource = text,
            Subresource = text,
            Namespace = text,
            Name = text,
            Address = text,
            Agent = text,
            Error = text,
            Trail = text,
        }).At(number);
        return [$"{record}", record.Finding(text, text, text), $"{record with { Id = $"hostile-{number}" }}"];
    }
}
