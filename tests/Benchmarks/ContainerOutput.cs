using System.Globalization;
using System.Text;

namespace ClusterTrail.Benchmarks;

/// <summary>The live log of one container, as containerd writes it: JSON and text, some of it in pieces.</summary>
sealed class ContainerOutput : IDisposable
{
    // containerd cuts a line after so many bytes.
    const int PieceBytes = 16 << 10;
    const int OneLongIn = 400;

    static readonly string[] Levels = ["info", "info", "info", "info", "warn", "error"];
    static readonly string[] Routes = ["/api/v1/carts", "/api/v1/orders", "/healthz", "/api/v1/users/me", "/static/app.js"];

    readonly Random random;
    readonly FileStream log;
    readonly bool isJson;
    readonly StringBuilder text = new();
    DateTime now = new(2026, 11, 26, 10, 0, 0, DateTimeKind.Utc);

    public ContainerOutput(string pods, int number)
    {
        (random, isJson) = (new(number), number % 2 == 0);
        var pod = $"shop_cart-{number}_8d1b1f0a-{number:x4}-4e5f-8a9b-0c1d2e3f4a5b";
        var folder = Directory.CreateDirectory(Path.Combine(pods, pod, "app"));
        log = File.Create(Path.Combine(folder.FullName, "0.log"));
    }

    /// <summary>How many lines the container wrote; one in pieces is one.</summary>
    public long Lines { get; private set; }

    public long Bytes => log.Length;

    /// <summary>Writes whole lines until so many bytes are in the log.</summary>
    public void WriteTo(long bytes)
    {
        while (log.Length < bytes)
        {
            WriteLine();
        }

        log.Flush();
    }

    public void Dispose() => log.Dispose();

    void WriteLine()
    {
        var isError = random.Next(10) == 0;
        var written = random.Next(OneLongIn) == 0 ? LongLine() : isJson ? JsonLine() : TextLine();
        for (var at = 0; at < written.Length; at += PieceBytes)
        {
            Write(isError, written.AsSpan(at, Math.Min(PieceBytes, written.Length - at)), isLast: at + PieceBytes >= written.Length);
        }

        Lines++;
    }

    void Write(bool isError, ReadOnlySpan<char> piece, bool isLast)
    {
        now = now.AddTicks(random.Next(1, 200_000));
        text.Clear();
        text.Append(CultureInfo.InvariantCulture, $"{now:yyyy-MM-ddTHH:mm:ss.fffffff}{random.Next(100):d2}Z ");
        text.Append(isError ? "stderr " : "stdout ");
        text.Append(isLast ? "F " : "P ").Append(piece).Append('\n');
        log.Write(Encoding.UTF8.GetBytes(text.ToString()));
    }

    string JsonLine() => string.Create(CultureInfo.InvariantCulture,
        $$"""
        {"ts":"{{now:O}}","level":"{{Any(Levels)}}","logger":"shop.cart.CartController","msg":"request handled","method":"GET",
        "path":"{{Any(Routes)}}/{{random.Next(1_000_000)}}","status":{{random.Next(200, 505)}},"duration_ms":{{Milliseconds}},
        "trace_id":"{{random.NextInt64():x16}}{{random.NextInt64():x16}}","user":"u-{{random.Next(50_000)}}"}
        """).ReplaceLineEndings("");

    string TextLine() => string.Create(CultureInfo.InvariantCulture,
        $"10.42.{random.Next(256)}.{random.Next(256)} - - [{now:dd/MMM/yyyy:HH:mm:ss} +0000] "
            + $"\"GET {Any(Routes)}/{random.Next(1_000_000)} HTTP/1.1\" {random.Next(200, 505)} {random.Next(50_000)} \"-\" "
            + $"\"Mozilla/5.0 (X11; Linux x86_64) Firefox/{random.Next(90, 140)}.0\" {Milliseconds}");

    // What a program says with a whole document in it.
    string LongLine()
    {
        var document = new StringBuilder("{\"level\":\"debug\",\"items\":[");
        for (var item = random.Next(200, 500); item > 0; item--)
        {
            document.Append(CultureInfo.InvariantCulture, $"{{\"sku\":\"{random.Next(1_000_000):x6}\",\"price\":{Milliseconds}}},");
        }

        return document.Append("{}]}").ToString();
    }

    double Milliseconds => Math.Round(random.NextDouble() * 500, 3);

    string Any(string[] values) => values[random.Next(values.Length)];
}
