using System.Text;
using ClusterTrail.Agent.Sinks;
using ClusterTrail.Contract;
using ClusterTrail.Testing;
using static ClusterTrail.Agent.Tests.Sinks.S3.S3Answers;

namespace ClusterTrail.Agent.Tests.Sinks.S3;

/// <summary>Answers with random damage: each seed is one answer.</summary>
public sealed class S3SinkDamagedAnswerTests : IDisposable
{
    readonly CredentialFiles credentials = new("id", "secret");

    public void Dispose() => credentials.Dispose();

    // None is a delivery but one that still has its proof.
    [Fact]
    public void NoDamagedAnswerIsADeliveryWithoutItsProof() => RandomSequences.Run(600, seed =>
    {
        var answer = RandomAnswer(new Random(seed));
        var text = Encoding.Latin1.GetString(answer);
        var failure = PutAsync(answer).GetAwaiter().GetResult();

        if (failure is null)
        {
            Assert.True(Proves(text), text);
            return;
        }

        Assert.False(failure.Code == "Unknown", $"{failure}\n{text}");
        Assert.InRange(failure.Message.Length, 1, 1000);
        Assert.DoesNotContain(failure.Message, char.IsControl);
    });

    static bool Proves(string answer)
    {
        var isOk = answer.Contains(" 200", StringComparison.Ordinal)
            && (answer.Contains(Md5, StringComparison.OrdinalIgnoreCase) || answer.Contains(Sha256, StringComparison.Ordinal)
                || answer.Contains("aws:kms", StringComparison.Ordinal));
        return isOk || (answer.Contains(" 412", StringComparison.Ordinal)
            && answer.Contains("<Code>PreconditionFailed</", StringComparison.Ordinal)
            && answer.Contains("request", StringComparison.OrdinalIgnoreCase));
    }

    static readonly byte[][] Pieces =
        [.. new[] { "\r\n", "\0", "<", "\"", "99999", ": ", "ÿ" }.Select(Encoding.Latin1.GetBytes)];

    static byte[] RandomAnswer(Random random)
    {
        string[] whole =
        [
            .. Confirmed.Select(row => row.Data.Item2), .. Unconfirmed.Select(row => row.Data.Item1),
            Answer("403 Forbidden", "<Error><Code>AccessDenied</Code><Message>No.</Message><RequestId>1</RequestId></Error>"),
            Answer("307 Temporary Redirect", "<Error><Code>TemporaryRedirect</Code></Error>", "Location: http://x.invalid/"),
        ];
        return Damage.To(Encoding.Latin1.GetBytes(random.GetItems(whole, 1)[0]), random.Next(6), Pieces, random);
    }

    async Task<SinkException?> PutAsync(byte[] answer)
    {
        await using var store = new RawStore(() => [answer]);
        return await Record.ExceptionAsync(() => Sink(store.Endpoint).PutAsync(Batch, CancellationToken.None)) switch
        {
            null => null,
            SinkException failure => failure,
            var other => throw new InvalidOperationException($"Not a SinkException: {other}"),
        };
    }

    ISink Sink(string endpoint) => TestBucket.Sink(new()
    {
        Bucket = "trail",
        Endpoint = endpoint,
        PathStyle = true,
        Credentials = new() { Type = S3CredentialsType.Static, Static = credentials.Paths },
    });
}
