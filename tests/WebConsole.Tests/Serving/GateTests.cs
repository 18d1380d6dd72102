using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClusterTrail.WebConsole.Tests.Serving;

public sealed class GateTests : IAsyncLifetime
{
    ConsoleWorld world = null!;

    public async ValueTask InitializeAsync() => world = await ConsoleWorld.OpenAsync([$"{new SomeRecord()}"]);

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task TheTokenGivesACookieAndLeadsOnWithoutItself()
    {
        using var browser = ConsoleWorld.Browser();
        using var first = await browser.GetAsync(world.Server.FirstUrl);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        var cookie = Assert.Single(first.Headers.GetValues("Set-Cookie"));
        Assert.Matches("^clustertrail-[0-9]+=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Strict$", cookie);
        Assert.Equal("0; url=/", Assert.Single(first.Headers.GetValues("Refresh")));
        Assert.Matches(@"\?token=[0-9a-f]{64}$", world.Server.FirstUrl.Query);
        Assert.DoesNotContain(world.Server.FirstUrl.Query[7..], cookie, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(world.Server.Url)).StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/people")]
    [InlineData("/record?id=r-1")]
    [InlineData("/console.css")]
    [InlineData("/none")]
    [InlineData("/?token=")]
    [InlineData("/?token=0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task WithoutTheCookieNothingIsShown(string address)
    {
        using var browser = ConsoleWorld.Browser();
        using var response = await browser.GetAsync(new Uri(world.Server.Url, address));

        var page = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("Open the address that kubectl trail console printed", page, StringComparison.Ordinal);
        Assert.DoesNotContain("db-password", page, StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("127.0.0.1:{0}", 200)]
    [InlineData("localhost:{0}", 200)]
    [InlineData("127.0.0.1", 421)]
    [InlineData("127.0.0.1:1", 421)]
    [InlineData("localhost.evil.example:{0}", 421)]
    [InlineData("evil.example:{0}", 421)]
    [InlineData("[::1]:{0}", 421)]
    [InlineData("127.0.0.2:{0}", 421)]
    public async Task OnlyItsOwnNameIsAnswered(string host, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, world.Server.Url);
        request.Headers.Host = string.Format(null, host, world.Server.Url.Port);

        using var response = await world.Client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task AnotherHostIsRefusedEvenWithTheToken()
    {
        using var browser = ConsoleWorld.Browser();
        using var request = new HttpRequestMessage(HttpMethod.Get, world.Server.FirstUrl);
        request.Headers.Host = $"evil.example:{world.Server.Url.Port}";

        using var response = await browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.MisdirectedRequest, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("same-origin", 200)]
    [InlineData("none", 200)]
    [InlineData("same-site", 403)]
    [InlineData("cross-site", 403)]
    [InlineData("", 403)]
    public async Task APageOfAnotherPortCannotAskInTheNameOfThePerson(string site, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, world.Server.Url);
        request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", site);

        using var response = await world.Client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 403, response.Headers.ConnectionClose == true);
    }

    [Fact]
    public async Task TheTokenLetsInFromAFileOrAnotherPage()
    {
        using var browser = ConsoleWorld.Browser();
        using var request = new HttpRequestMessage(HttpMethod.Get, world.Server.FirstUrl);
        request.Headers.Add("Sec-Fetch-Site", "cross-site");

        using var response = await browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task WhoIsNotLetInKeepsNoConnection()
    {
        using var browser = ConsoleWorld.Browser();
        using var response = await browser.GetAsync(world.Server.Url);

        Assert.True(response.Headers.ConnectionClose);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("OPTIONS")]
    public async Task OnlyReadingIsAllowed(string method)
    {
        using var response = await world.Client.SendAsync(new(new(method), world.Server.Url));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal("GET, HEAD", string.Join(", ", response.Content.Headers.Allow));
    }

    [Fact]
    public async Task HeadHasTheHeadersOnly()
    {
        using var response = await world.Client.SendAsync(new(HttpMethod.Head, world.Server.Url));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("/", true)]
    [InlineData("/console.css", true)]
    [InlineData("/none", true)]
    [InlineData("/?verb=a&verb=b", true)]
    [InlineData("/", false)]
    public async Task EveryAnswerForbidsWhatIsNotItsOwn(string address, bool isLetIn)
    {
        using var browser = ConsoleWorld.Browser();
        using var response = await (isLetIn ? world.Client : browser).GetAsync(new Uri(world.Server.Url, address));

        string Header(string name) => string.Join('|', response.Headers.GetValues(name));
        Assert.Equal(
            "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            Header("Content-Security-Policy"));
        Assert.Equal("nosniff", Header("X-Content-Type-Options"));
        Assert.Equal("no-referrer", Header("Referrer-Policy"));
        Assert.Equal("no-store", Header("Cache-Control"));
        Assert.Equal("same-origin", Header("Cross-Origin-Resource-Policy"));
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task OnlyThisMachineIsListenedTo()
    {
        Assert.Equal("127.0.0.1", world.Server.Url.Host);
        var others = (await Dns.GetHostAddressesAsync(Dns.GetHostName()))
            .Where(address => !IPAddress.IsLoopback(address) && address.AddressFamily == AddressFamily.InterNetwork);
        foreach (var address in others)
        {
            using var client = new TcpClient();
            await Assert.ThrowsAnyAsync<SocketException>(() => client.ConnectAsync(address, world.Server.Url.Port));
        }
    }

    [Fact]
    public async Task ARequestWithABodyIsNotRead()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, world.Server.Url.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST / HTTP/1.1\r\nHost: 127.0.0.1:{world.Server.Url.Port}\r\nContent-Length: 100000000\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(client.GetStream());

        Assert.Contains(" 405 ", await reader.ReadLineAsync(), StringComparison.Ordinal);
    }
}
