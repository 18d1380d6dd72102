using System.Buffers;
using System.Text;
using System.Text.Json;
using ClusterTrail.Agent.Sources.Processes;
using ClusterTrail.Agent.Sources.Processes.Kernel;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Tests.Sources.Processes;

public class ProcessLineTests
{
    static readonly CgroupContainer Container = new(SomeProcess.Id, SomeProcess.Uid);

    [Fact]
    public void ALineIsAsDocumented() => Assert.Equal(
        """
        {"kind":"ProcessEvent","apiVersion":"audit.clustertrail.io/v1alpha1","time":"2026-11-26T10:00:00.000001Z",
        "container":{"id":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","name":"app","namespace":"shop","pod":"cart-0",
        "podUID":"8d1b1f0a-2c3d-4e5f-8a9b-0c1d2e3f4a5b"},
        "process":{"id":"4711-4000000000","pid":4711,"name":"echo","parentPid":4700,"executable":"/bin/echo","path":"/usr/bin/echo",
        "arguments":["echo","hello"],"argumentCount":2,"argumentBytes":11,"uid":1000,"gid":1001,"effectiveUid":1000,"effectiveGid":1001,
        "effectiveCapabilities":"00000000a80425fb",
        "parents":[{"id":"4700-3000000000","pid":4700,"name":"sh"},{"pid":4600,"name":"containerd-shim"}]}}

        """.ReplaceLineEndings("").Replace("}]}}", "}]}}\n", StringComparison.Ordinal),
        Line(new SomeProcess().Record(), ProcessLine.ContainerMember(Container, new("shop", "cart-0", "app"))));

    [Fact]
    public void WhatIsCutIsSaid()
    {
        var line = Parse(Line(new SomeProcess { Arguments = ["echo", new string('x', 9000)] }.Record()));

        Assert.Equal("9006", JournalLines.Text(line, "process.argumentBytes"));
        Assert.Equal("True", JournalLines.Text(line, "process.argumentsTruncated"));
        Assert.Equal(ProcessRecord.MaxArguments - 5, JournalLines.Arguments(line)[1].Length);
    }

    [Fact]
    public void AFileWithoutANameIsFlagged()
    {
        var record = new SomeProcess { Flags = ProcessFlags.FileWithoutName | ProcessFlags.PathIncomplete, Path = "/memfd:x" };

        var line = Parse(Line(record.Record()));

        Assert.Equal("True", JournalLines.Text(line, "process.fileless"));
        Assert.Equal("…/memfd:x", JournalLines.Text(line, "process.path"));
    }

    [Fact]
    public void ALossSaysHowManyAndSinceWhen()
    {
        const string Begin =
            """{"kind":"ProcessLoss","apiVersion":"audit.clustertrail.io/v1alpha1","time":"1970-01-01T00:00:02.000000Z",""";
        var buffer = new ArrayBufferWriter<byte>();
        using var line = new ProcessLine(buffer);

        line.WriteLoss(ProcessLossReason.BufferFull, 7, 1_000_000, 2_000_000, []);
        line.WriteLoss(ProcessLossReason.NotRunning, null, 1_000_000, 2_000_000, []);

        Assert.Equal(
            $$$"""
            {{{Begin}}}"loss":{"reason":"BufferFull","count":7,"since":"1970-01-01T00:00:01.000000Z"}}
            {{{Begin}}}"loss":{"reason":"NotRunning","since":"1970-01-01T00:00:01.000000Z"}}

            """,
            Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    [Fact]
    public void WhateverBytesAProcessHasTheLineIsOneValidLine()
    {
        var index = new JsonIndex();
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var writer = new ProcessRecordWriter();
            writer.Begin((uint)random.Next(), (ProcessFlags)random.Next(16), (ulong)random.NextInt64(1L << 60), 0, Bytes(random, 20));
            writer.Ancestor(1, (ulong)random.Next(2), Bytes(random, 20));
            writer.FileName(Bytes(random, 700));
            writer.Path(Bytes(random, 2000));
            writer.Cgroup(Bytes(random, 2000));
            var arguments = Bytes(random, 9000);
            writer.Arguments(arguments, random.Next(100), arguments.Length);

            var line = Line(writer.Written);

            Assert.True(line.IndexOf('\n', StringComparison.Ordinal) == line.Length - 1, $"seed {seed}");
            var bytes = Encoding.UTF8.GetBytes(line)[..^1];
            Assert.True(ProcessEvent.TryParse(bytes, index, out _, out var reason), $"seed {seed}: {reason}");
            Parse(line);
        }
    }

    [Fact]
    public void DamagedRecordsAreRefusedOrRead()
    {
        var good = new SomeProcess().Record();
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var bytes = good[..random.Next(good.Length / 2, good.Length + 1)].ToArray();
            for (var times = random.Next(4); times > 0; times--)
            {
                bytes[random.Next(random.Next(2) == 0 ? 96 : bytes.Length)] = (byte)random.Next(256);
            }

            if (ProcessRecord.TryRead(bytes, out _))
            {
                Parse(Line(bytes));
            }
        }
    }

    static byte[] Bytes(Random random, int most)
    {
        var bytes = new byte[random.Next(most)];
        random.NextBytes(bytes);
        // Texts are mostly text.
        for (var at = 0; random.Next(2) == 0 && at < bytes.Length; at++)
        {
            bytes[at] = (byte)"/a\0\"\\\n b"[random.Next(8)];
        }

        return bytes;
    }

    static string Line(ReadOnlySpan<byte> record, byte[]? container = null)
    {
        Assert.True(ProcessRecord.TryRead(record, out var read));
        var buffer = new ArrayBufferWriter<byte>();
        using var line = new ProcessLine(buffer);
        var at = (new DateTimeOffset(2026, 11, 26, 10, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds() * 1000) + 1;
        line.WriteEvent(read, at, container ?? []);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    static JsonElement Parse(string line) => JsonElement.Parse(line);
}
