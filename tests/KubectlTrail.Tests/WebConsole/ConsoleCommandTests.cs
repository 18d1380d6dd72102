using System.Net;
using System.Net.Sockets;
using System.Text;
using ClusterTrail.Archive.Sealing;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Testing.Chains;

namespace ClusterTrail.Kubectl.Tests.WebConsole;

public sealed class ConsoleCommandTests : IDisposable
{
    readonly ArchiveFolder archive = new();

    public ConsoleCommandTests() => archive.Add(Some.Batch(), Some.Zstd(Some.Record()));

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => archive.Dispose();

    [Fact]
    public async Task ItShowsTheRecordsUntilItIsInterrupted()
    {
        await using var console = await RunningConsole.StartAsync(archive.Path, "--since", "2026-03-01");

        var page = await console.GetAsync("/");

        Assert.StartsWith("http://127.0.0.1:", $"{console.Address}", StringComparison.Ordinal);
        Assert.Contains("alice", page, StringComparison.Ordinal);
        Assert.Contains("from 2026-03-01 00:00:00 on", page, StringComparison.Ordinal);
        var (exitCode, error) = await console.InterruptAsync();
        Assert.Equal(0, exitCode);
        Assert.Equal("Open the address above in a browser of this machine. Press Ctrl+C to end the console.\n", error);
        using var client = new TcpClient();
        await Assert.ThrowsAnyAsync<SocketException>(() => client.ConnectAsync(IPAddress.Loopback, console.Address.Port, Cancel).AsTask());
    }

    [Fact]
    public async Task WithoutATimeItShowsTheLastSevenDays()
    {
        archive.Add(Some.Batch(DateTimeOffset.UtcNow.AddDays(-1), sequence: 2), Some.Zstd(Some.Record("carol").Replace(
            "2026-03-01T12:00:00.000Z", $"{DateTimeOffset.UtcNow.AddDays(-1):yyyy-MM-ddTHH:mm:ssZ}", StringComparison.Ordinal)));

        await using var console = await RunningConsole.StartAsync(archive.Path);

        var page = await console.GetAsync("/");
        Assert.Contains("carol", page, StringComparison.Ordinal);
        Assert.DoesNotContain("alice", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatCannotBeOpenedIsSaidOnThePagesToo()
    {
        archive.Add(Some.Batch(sequence: 2, encrypted: true), Some.Sealed(KeyPair.GenerateP256(), Some.Record("carol")));

        await using var console = await RunningConsole.StartAsync(archive.Path, "--since", "2026-03-01");

        Assert.Contains("One thing could not be read", await console.GetAsync("/"), StringComparison.Ordinal);
        Assert.Contains("is encrypted; give the private key with --key", await console.GetAsync("/problems"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithKeysTheArchiveIsVerifiedMeanwhile()
    {
        using var nodes = new TwoNodes(1, DateTimeOffset.UtcNow);
        nodes.Archive.WriteTo(archive.Path);
        var key = archive.AddFile("operator.pub.pem", Encoding.ASCII.GetBytes(nodes.Archive.Operator.Public.Pem));

        await using var console = await RunningConsole.StartAsync(
            archive.Path, "--since", "2026-03-01", "--cluster", "demo", "--keys", key);

        string page;
        do
            page = await console.GetAsync("/integrity");
        while (page.Contains("The verification is running", StringComparison.Ordinal));
        Assert.Contains("Verified: nothing of this time was changed", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VerifiedIsOnlyWhatADigestNames()
    {
        using var nodes = new TwoNodes(1, DateTimeOffset.UtcNow);
        nodes.Archive.WriteTo(archive.Path);
        var key = archive.AddFile("operator.pub.pem", Encoding.ASCII.GetBytes(nodes.Archive.Operator.Public.Pem));

        await using var console = await RunningConsole.StartAsync(
            archive.Path, "--since", "2026-03-01", "--keys", key, "--verified");
        var withoutKeys = await CommandLine.RunAsync("console", archive.Path, "--verified");

        Assert.DoesNotContain("alice", await console.GetAsync("/"), StringComparison.Ordinal);
        Assert.Contains("left out, because no verified digest names", await console.GetAsync("/problems"), StringComparison.Ordinal);
        Assert.Equal(
            (2, "kubectl trail: --verified needs --keys FILE, the operator's public key.\n"), (withoutKeys.ExitCode, withoutKeys.Error));
    }

    [Fact]
    public async Task ADamagedFileOfAnExportIsNamedOnThePage()
    {
        using var export = new ArchiveFolder();
        await CommandLine.RunAsync("export", archive.Path, "--to", export.Path);
        var file = Assert.Single(Directory.GetFiles(export.Path, "part-*", SearchOption.AllDirectories));
        var content = await File.ReadAllBytesAsync(file, Cancel);
        content.AsSpan(4, 200).Fill(0xaa);
        await File.WriteAllBytesAsync(file, content, Cancel);

        await using var console = await RunningConsole.StartAsync(export.Path, "--since", "2026-03-01");
        var (status, page) = await console.TryGetAsync("/");

        Assert.Equal(HttpStatusCode.InternalServerError, status);
        Assert.Contains($"{Path.GetFileName(file)} is damaged; export to another place again", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await console.TryGetAsync("/problems")).Status);
    }

    [Fact]
    public async Task WithoutAClusterTheTrailsAreASentence()
    {
        await using var console = await RunningConsole.StartAsync(
            archive.Path, "--since", "2026-03-01", "--kubeconfig", Path.Combine(archive.Path, "none.yaml"));

        Assert.Contains("The records are not affected", await console.GetAsync("/trails"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--port 70000 is not a port", "--port", "70000")]
    [InlineData("--port 70000 is not a port", "--port=70000", "--no-browser")]
    [InlineData("--until 2026-03-01T00:00:00.0000000+00:00 is not after --since", "--since", "2026-03-02", "--until", "2026-03-01")]
    [InlineData("/none cannot be read", "--keys", "/none")]
    [InlineData("--memory much is no amount of memory", "--memory", "much")]
    public async Task WrongUsageIsASentence(string sentence, params string[] arguments)
    {
        var outcome = await CommandLine.RunAsync(["console", archive.Path, .. arguments]);

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains(sentence, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APortInUseIsASentence()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var outcome = await CommandLine.RunAsync("console", archive.Path, "--since", "2026-03-01", "--no-browser", "--port", $"{port}");

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains($"--port {port} cannot be listened on", outcome.Error, StringComparison.Ordinal);
    }

    sealed class RunningConsole : IAsyncDisposable
    {
        readonly CancellationTokenSource interrupted = new();
        readonly StringWriter error = new();
        readonly FirstLine output = new();
        readonly HttpClient client = new();
        Task<int> running = Task.FromResult(0);

        internal Uri Address { get; private set; } = null!;

        internal static async Task<RunningConsole> StartAsync(params string[] arguments)
        {
            var console = new RunningConsole();
            var terminal = new Terminal(new OutputStream(console.output), console.error, null, ErrorIsTerminal: false, Colour: false);
            console.running = Task.Run(
                () => TrailCommand.RunAsync(["console", .. arguments, "--no-browser"], terminal, console.interrupted.Token));
            await Task.WhenAny(console.running, console.output.Line);
            Assert.False(console.running.IsCompleted, $"{console.error}");
            console.Address = new(await console.output.Line);
            (await console.client.GetAsync(console.Address, Cancel)).EnsureSuccessStatusCode();
            return console;
        }

        internal Task<string> GetAsync(string path) => client.GetStringAsync(new Uri(Address, path), Cancel);

        internal async Task<(HttpStatusCode Status, string Page)> TryGetAsync(string path)
        {
            using var response = await client.GetAsync(new Uri(Address, path), Cancel);
            return (response.StatusCode, WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(Cancel)));
        }

        internal async Task<(int ExitCode, string Error)> InterruptAsync()
        {
            await interrupted.CancelAsync();
            return (await running, $"{error}");
        }

        public async ValueTask DisposeAsync()
        {
            await InterruptAsync();
            client.Dispose();
            interrupted.Dispose();
        }
    }

    sealed class FirstLine : MemoryStream
    {
        readonly TaskCompletionSource<string> line = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task<string> Line => line.Task;

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            base.Write(buffer.ToArray(), 0, buffer.Length);
            var text = Encoding.UTF8.GetString(ToArray());
            if (text.Contains('\n', StringComparison.Ordinal))
                line.TrySetResult(text.Split('\n')[0]);
        }
    }
}
