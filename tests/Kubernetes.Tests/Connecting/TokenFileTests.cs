using ClusterTrail.Kubernetes.Connecting;
using ClusterTrail.Testing;

namespace ClusterTrail.Kubernetes.Tests.Connecting;

public sealed class TokenFileTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly SteppedTime time = new();
    readonly TokenFile tokens;

    public TokenFileTests() => tokens = new(folder.Join("token"), Credential.None, time);

    [Fact]
    public async Task ANewTokenIsTakenWithinAMinute()
    {
        Write("first\n");
        Assert.Equal("first", (await GetAsync()).Authorization!.Parameter);

        Write("second");
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("first", (await GetAsync()).Authorization!.Parameter);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("second", (await GetAsync()).Authorization!.Parameter);
    }

    [Fact]
    public async Task ARefusedTokenIsReadAgainAtOnce()
    {
        Write("first");
        var first = await GetAsync();
        Assert.Same(first, await GetAsync(refused: first));

        Write("second");

        Assert.Equal("second", (await GetAsync(refused: first)).Authorization!.Parameter);
    }

    [Fact]
    public async Task TheLastTokenIsGoodWhileTheFileIsAway()
    {
        Write("first");
        await GetAsync();

        File.Delete(folder.Join("token"));
        time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal("first", (await GetAsync()).Authorization!.Parameter);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" \n")]
    public async Task WithoutATokenItSaysWhere(string? content)
    {
        if (content is not null)
            Write(content);

        var wrong = await Assert.ThrowsAsync<ConnectionException>(async () => await GetAsync());

        Assert.Contains(folder.Join("token"), wrong.Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    ValueTask<Credential> GetAsync(Credential? refused = null) => tokens.GetAsync(refused, CancellationToken.None);

    void Write(string token) => File.WriteAllText(folder.Join("token"), token);
}
