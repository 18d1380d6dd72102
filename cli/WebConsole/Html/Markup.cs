namespace ClusterTrail.WebConsole.Html;

/// <summary>A piece of a page. A string is text, whatever it looks like.</summary>
abstract record Markup
{
    /// <summary>A line break in text that keeps its lines.</summary>
    internal static Markup LineBreak { get; } = new Break();

    internal static Markup Empty { get; } = new Several([]);

    internal static Markup Of(IEnumerable<Markup> parts) => new Several([.. parts]);

    public static implicit operator Markup(string? text) => new Characters(text ?? "");

    /// <summary>Text of records, names and sentences.</summary>
    internal sealed record Characters(string Text) : Markup;

    /// <summary>Pieces one after the other.</summary>
    internal sealed record Several(IReadOnlyList<Markup> Parts) : Markup;

    sealed internal record Break : Markup;
}
