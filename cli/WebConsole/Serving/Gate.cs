using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClusterTrail.WebConsole.Html;
using ClusterTrail.WebConsole.Pages;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ClusterTrail.WebConsole.Serving;

/// <summary>Lets in who has the first address, and nobody else.</summary>
/// <remarks>
/// Guarantees: without the token, or the cookie that it gives, no request learns anything of the archive. A name of elsewhere that leads to
/// this machine (DNS rebinding) is refused, whatever it brings; so is what a page of another program on this machine sends. The token is
/// in no address after the first.
/// </remarks>
sealed class Gate
{
    internal const string TokenName = "token";

    const int SecretBytes = 32;

    readonly string cookie = RandomNumberGenerator.GetHexString(SecretBytes * 2, lowercase: true);

    /// <summary>256 random bits.</summary>
    internal string Token { get; } = RandomNumberGenerator.GetHexString(SecretBytes * 2, lowercase: true);

    /// <summary>The answer to a request that may not go on; null if it may.</summary>
    internal HttpAnswer? Judge(HttpContext context)
    {
        var request = context.Request;
        var port = context.Connection.LocalPort;
        if (!IsOwn(request.Host, port))
        {
            return Sentence(
                StatusCodes.Status421MisdirectedRequest, "Not this host", "The console answers under 127.0.0.1 and localhost only.");
        }

        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            return Sentence(
                StatusCodes.Status405MethodNotAllowed, "Read only", "The console shows, and changes nothing: it takes GET and HEAD only.")
                with
            { Headers = [("Allow", "GET, HEAD")] };
        }

        if (request.Query.TryGetValue(TokenName, out var tokens))
            return tokens is [{ } token] && Same(token, Token) ? LetIn(port) : Unknown();
        if (!IsFromHere(request.Headers["Sec-Fetch-Site"]))
        {
            return Sentence(
                StatusCodes.Status403Forbidden, "Not from there",
                "A page of elsewhere led here. Open the address itself, or follow a link of the console.");
        }

        return request.Cookies[CookieName(port)] is { } given && Same(given, cookie) ? null : Unknown();
    }

    // Browsers send cookies of a host to all of its ports.
    internal static string CookieName(int port) => string.Create(CultureInfo.InvariantCulture, $"clustertrail-{port}");

    // Not a redirect: where a page of elsewhere, or a file, led here, a browser would follow it without the cookie.
    HttpAnswer LetIn(int port) => Sentence(StatusCodes.Status200OK, "ClusterTrail", "The console opens in a moment.") with
    {
        Headers =
        [
            ("Set-Cookie", $"{CookieName(port)}={cookie}; Path=/; HttpOnly; SameSite=Strict"),
            ("Refresh", "0; url=/"),
        ],
    };

    static HttpAnswer Unknown() => new(
        StatusCodes.Status401Unauthorized, HttpAnswer.Html,
        Layout.Bare(
            "No access",
            Tags.Paragraph("Open the address that kubectl trail console printed: it has a token, which lets this browser in."),
            Tags.Paragraph("If you just did, ", Tags.Link("/", "go on"), ".")));

    static HttpAnswer Sentence(int statusCode, string title, string sentence) =>
        new(statusCode, HttpAnswer.Html, Layout.Bare(title, Tags.Paragraph(sentence), Tags.Paragraph(Tags.Link("/", "Event history"))));

    // To browsers, all ports of a host are one site, of which each page may send the cookie. Other programs than browsers do not say.
    static bool IsFromHere(StringValues site) => site is [] or ["same-origin" or "none"];

    static bool IsOwn(HostString host, int port) => host.Host is "127.0.0.1" or "localhost" && host.Port == port;

    static bool Same(string given, string secret) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(secret));
}
