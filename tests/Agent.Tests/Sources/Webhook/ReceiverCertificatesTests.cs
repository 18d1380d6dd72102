using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.Agent.Tests.Sources.Webhook;

public sealed class ReceiverCertificatesTests
{
    static readonly string Body = $"{ReceiverWorld.Start}[{Encoding.UTF8.GetString(AuditLine.Of())}]}}";

    [Fact]
    public async Task WithoutAClientCertificateNoRequestIsAnswered()
    {
        await using var world = new ReceiverWorld();
        using var nobody = ReceiverWorld.Client(null);

        await Assert.ThrowsAnyAsync<Exception>(() => world.PostAsync(nobody, Body));

        await RefusedAsync(world, "no client certificate");
    }

    [Fact]
    public async Task ACertificateOfAnotherAuthorityIsRefused()
    {
        await using var world = new ReceiverWorld();
        using var other = new CertificateAuthority();
        using var stranger = ReceiverWorld.Client(other.IssueToUser("kube-apiserver"));

        await Assert.ThrowsAnyAsync<Exception>(() => world.PostAsync(stranger, Body));

        await RefusedAsync(world, "The client certificate kube-apiserver is not accepted");
    }

    [Fact]
    public async Task ACertificateForServersIsNoClientCertificate()
    {
        await using var world = new ReceiverWorld();
        using var server = ReceiverWorld.Client(world.Authority.IssueToServer());

        await Assert.ThrowsAnyAsync<Exception>(() => world.PostAsync(server, Body));

        await RefusedAsync(world, "is not accepted");
    }

    [Fact]
    public async Task ANewCertificateCountsForNewConnectionsAndEndsNone()
    {
        await using var world = new ReceiverWorld();
        using var before = world.Client();
        var first = await SerialAsync(world);
        Assert.Equal(200, (await world.PostAsync(before, Body)).Status);

        world.WriteServerCertificate(world.Authority);
        Assert.Equal(first, await SerialAsync(world));
        world.Later();
        Assert.NotEqual(first, await SerialAsync(world));

        Assert.Equal(200, (await world.PostAsync(before, Body)).Status);
    }

    [Fact]
    public async Task FilesThatCannotBeUsedChangeNothing()
    {
        await using var world = new ReceiverWorld();
        var first = await SerialAsync(world);

        world.Damage();
        world.Later();

        Assert.Equal(first, await SerialAsync(world));
    }

    [Fact]
    public async Task APipeInAFilesPlaceBlocksNobody()
    {
        await using var world = new ReceiverWorld();
        var first = await SerialAsync(world);

        world.BlockKey();
        world.Later();

        Assert.Equal(first, await SerialAsync(world).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task OfAFolderTheCertificateThatExpiresLastCounts()
    {
        await using var world = new ReceiverWorld(isFolder: true);
        var first = await SerialAsync(world);

        world.WriteServerCertificate(world.Authority, "2");
        world.Later();
        var second = await SerialAsync(world);

        Assert.NotNull(first);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task WhoeverSaysNothingKeepsNobodyOut()
    {
        await using var world = new ReceiverWorld();
        var port = await world.PortAsync();
        var silent = new List<TcpClient>();
        try
        {
            for (var at = 0; at < 300; at++)
            {
                silent.Add(new());
                await silent[^1].ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
            }

            using var client = world.Client();
            Assert.Equal(200, (await world.PostAsync(client, Body)).Status);
        }
        finally
        {
            silent.ForEach(one => one.Dispose());
        }
    }

    static async Task RefusedAsync(ReceiverWorld world, string reason)
    {
        await Eventually(() => Task.FromResult(world.Status.RefusedRequests > 0));
        Assert.Contains(reason, world.Status.LastRefusal, StringComparison.Ordinal);
        Assert.Empty(world.Read());
        using var client = world.Client();
        Assert.Equal(200, (await world.PostAsync(client, Body)).Status);
    }

    static async Task<string?> SerialAsync(ReceiverWorld world)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync("127.0.0.1", await world.PortAsync(), TestContext.Current.CancellationToken);
        string? serial = null;
        await using var tls = new SslStream(connection.GetStream(), false, (_, certificate, _, _) =>
        {
            serial = certificate?.GetSerialNumberString();
            return serial is not null;
        });
        try
        {
            await tls.AuthenticateAsClientAsync("localhost");
        }
        catch (IOException)
        {
            // It wants a certificate of ours, and has shown its own.
        }

        return serial;
    }

    static async Task Eventually(Func<Task<bool>> holds)
    {
        for (var tries = 0; tries < 150; tries++)
        {
            if (await holds())
                return;
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.Fail("It did not come true within 15 s.");
    }
}
