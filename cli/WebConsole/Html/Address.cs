namespace ClusterTrail.WebConsole.Html;

/// <summary>An address of the console: a path, and parameters in the order in which they were given.</summary>
sealed record Address(string Path)
{
    internal IReadOnlyList<(string Name, string Value)> Parameters { get; private init; } = [];

    /// <summary>With this value, and no other one of the name; without it if there is no value.</summary>
    internal Address With(string name, string? value)
    {
        var others = Parameters.Where(parameter => parameter.Name != name);
        return this with { Parameters = string.IsNullOrEmpty(value) ? [.. others] : [.. others, (name, value)] };
    }

    internal Address With(string name, DateTime? value) => With(name, value is { } time ? TimeFormat.Exact(time) : null);

    public override string ToString() => Parameters.Count == 0
        ? Path
        : $"{Path}?{string.Join('&', Parameters.Select(one => $"{Uri.EscapeDataString(one.Name)}={Uri.EscapeDataString(one.Value)}"))}";
}
