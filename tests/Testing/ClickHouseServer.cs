using System.Globalization;

namespace ClusterTrail.Testing;

/// <summary>Two real ClickHouse servers on 127.0.0.1, the shards of the cluster <c>trail</c>. They end with this process.</summary>
public sealed class ClickHouseServer : IServer
{
    readonly TemporaryFolder folder = new();
    readonly HttpClient http = new() { Timeout = TimeSpan.FromMinutes(1) };
    readonly List<ServerProcess> processes = [];
    readonly IReadOnlyList<Shard> shards;

    ClickHouseServer()
    {
        var ports = FreePort.Next(4);
        shards = [new(ports[0], ports[1]), new(ports[2], ports[3])];
    }

    public ServerLogs Logs { get; } = new("clickhouse");

    public int Shards => shards.Count;

    /// <exception cref="MissingPartException">It cannot be installed here.</exception>
    /// <exception cref="ServerFailedException">One does not start.</exception>
    public static async Task<ClickHouseServer> StartAsync(CancellationToken cancellationToken)
    {
        var program = await Part.ClickHouse.PathOfAsync("clickhouse-server", cancellationToken);
        return await FreePort.StartAsync(async _ =>
        {
            var server = new ClickHouseServer();
            try
            {
                await server.StartAsync(program, cancellationToken);
                return server;
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }
        });
    }

    /// <summary>Runs a statement on a shard.</summary>
    /// <param name="data">What an INSERT takes.</param>
    /// <exception cref="InvalidOperationException">It fails; the message says why.</exception>
    public async Task<string> RunAsync(int shard, string sql, HttpContent? data, CancellationToken cancellationToken)
    {
        var url = $"{shards[shard].Url}?output_format_json_quote_64bit_integers=0&query={Uri.EscapeDataString(sql)}";
        using var content = data ?? new ByteArrayContent([]);
        using var answer = await http.PostAsync(new Uri(url), content, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode ? text : throw new InvalidOperationException($"ClickHouse answers to {sql}: {text}");
    }

    public ValueTask DisposeAsync()
    {
        processes.ForEach(process => process.Dispose());
        http.Dispose();
        folder.Dispose();
        Logs.Dispose();
        return ValueTask.CompletedTask;
    }

    async Task StartAsync(string program, CancellationToken cancellationToken)
    {
        foreach (var (at, shard) in shards.Index())
        {
            var own = folder.Join($"shard-{at}");
            Directory.CreateDirectory(own);
            await File.WriteAllTextAsync(Path.Combine(own, "config.xml"), Configuration(shard, own), cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(own, "users.xml"), Users, cancellationToken);
            var process = ServerProcess.Start(program, [$"--config-file={own}/config.xml"], own, Logs);
            processes.Add(process);
            await process.WaitUntilReadyAsync(shard.Url, cancellationToken);
        }
    }

    string Configuration(Shard shard, string own) => string.Create(CultureInfo.InvariantCulture, $"""
        <yandex>
          <logger><level>warning</level><console>1</console></logger>
          <http_port>{shard.HttpPort}</http_port><tcp_port>{shard.TcpPort}</tcp_port><listen_host>127.0.0.1</listen_host>
          <path>{own}/data/</path><tmp_path>{own}/tmp/</tmp_path><users_config>users.xml</users_config>
          <default_profile>default</default_profile><default_database>default</default_database><mark_cache_size>5368709</mark_cache_size>
          <remote_servers><trail>{string.Concat(shards.Select(one => one.Xml))}</trail></remote_servers>
        </yandex>
        """);

    const string Users = """
        <yandex>
          <profiles><default/></profiles><quotas><default/></quotas>
          <users><default>
            <password/><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota>
          </default></users>
        </yandex>
        """;

    sealed record Shard(int HttpPort, int TcpPort)
    {
        internal Uri Url => new($"http://127.0.0.1:{HttpPort}/");

        internal string Xml => string.Create(
            CultureInfo.InvariantCulture, $"<shard><replica><host>127.0.0.1</host><port>{TcpPort}</port></replica></shard>");
    }
}
