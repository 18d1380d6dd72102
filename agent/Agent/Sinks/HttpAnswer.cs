using System.Net;
using System.Text.RegularExpressions;

namespace ClusterTrail.Agent.Sinks;

/// <summary>An HTTP status in words: what a server says that says nothing else.</summary>
static partial class HttpAnswer
{
    /// <summary>A short, bounded word: RequestEntityTooLarge.</summary>
    public static string Code(HttpStatusCode status) => status switch
    {
        HttpStatusCode.MovedPermanently => "MovedPermanently",
        HttpStatusCode.Found => "Found",
        HttpStatusCode.SeeOther => "SeeOther",
        HttpStatusCode.TemporaryRedirect => "TemporaryRedirect",
        HttpStatusCode.UnprocessableEntity => "UnprocessableEntity",
        _ when Enum.IsDefined(status) => $"{status}",
        _ => $"Http{(int)status}",
    };

    /// <summary>As people know it: <c>413 Request Entity Too Large</c>.</summary>
    public static string Words(HttpStatusCode status) =>
        Enum.IsDefined(status) ? $"{(int)status} {BetweenWords().Replace(Code(status), " ")}" : $"status {(int)status}";

    /// <summary>What a refusal by this status is likely to be about.</summary>
    public static FailureScope ScopeOf(HttpStatusCode status) => (int)status switch
    {
        400 or 413 or 414 or 422 or 431 => FailureScope.Batch,
        408 or 429 or >= 500 => FailureScope.Sink,
        _ => FailureScope.Unclear,
    };

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex BetweenWords();
}
