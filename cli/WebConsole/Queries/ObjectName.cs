namespace ClusterTrail.WebConsole.Queries;

/// <summary>What Kubernetes calls an object.</summary>
sealed record ObjectName(ShownText Group, ShownText Resource, ShownText Subresource, ShownText Namespace, ShownText Name)
{
    internal static ObjectName Of(AnswerRow row) => new(
        ShownText.Of(row.Text("group")), ShownText.Of(row.Text("resource")), ShownText.Of(row.Text("subresource")),
        ShownText.Of(row.Text("namespace")), ShownText.Of(row.Text("name")));

    /// <summary>Such as <c>deployments.apps/scale</c>; empty for a request without an object.</summary>
    internal string Kind => Resource.Text is null ? "" : $"{Resource}{After('.', Group)}{After('/', Subresource)}";

    /// <summary>Such as <c>shop/db</c>.</summary>
    internal string Path => string.Join('/', ((string[])[$"{Namespace}", $"{Name}"]).Where(part => part.Length > 0));

    /// <summary>Whether it names one object, so that all of it can be asked for.</summary>
    internal bool IsOne => Resource.Whole is not null && Name.Whole is not null && !Group.IsCut && !Namespace.IsCut;

    static string After(char mark, ShownText part) => part.Text is { Length: > 0 } ? $"{mark}{part}" : "";
}
