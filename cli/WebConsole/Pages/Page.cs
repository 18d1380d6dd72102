using ClusterTrail.WebConsole.Html;

namespace ClusterTrail.WebConsole.Pages;

/// <summary>What a page shows.</summary>
/// <param name="Title">What it is about.</param>
/// <param name="Body">Below its heading.</param>
/// <param name="StatusCode">Of HTTP.</param>
sealed record Page(string Title, Markup Body, int StatusCode = 200);
