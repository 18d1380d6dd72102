namespace ClusterTrail.WebConsole.Html;

/// <summary>An element of HTML or SVG.</summary>
/// <param name="Name">Of the page's author, never of a record.</param>
/// <param name="Children">What is in it.</param>
sealed record Element(string Name, params IReadOnlyList<Markup> Children) : Markup
{
    internal IReadOnlyList<(string Name, string Value)> Attributes { get; private init; } = [];

    /// <summary>With an attribute; without it if there is no value.</summary>
    internal Element With(string name, string? value) =>
        value is null ? this : this with { Attributes = [.. Attributes, (name, value)] };

    /// <summary>With an attribute that needs no value, such as <c>required</c>.</summary>
    internal Element With(string name) => With(name, "");

    internal Element Class(string? name) => With("class", name);
}
