using System.Text;
using System.Text.Json;
using ClusterTrail.Agent.Sources.Feeds;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources.Feeds;

/// <summary>Texts as clouds write them, and what becomes of them.</summary>
static class FeedTextsOf
{
    public const string AuditStream = "kube-apiserver-audit-73b1c9e8d0f14b24a5c2b7a4d5a6f3c1";

    /// <summary>A kube-apiserver's event.</summary>
    public static string Event(string id) => Encoding.UTF8.GetString(AuditLine.Of(("auditID", JsonSerializer.Serialize(id))));

    /// <summary>What CloudWatch Logs sends of messages.</summary>
    public static string Envelope(IEnumerable<string> messages, string stream = AuditStream, string type = "DATA_MESSAGE") =>
        JsonSerializer.Serialize(new
        {
            messageType = type,
            owner = "123456789012",
            logGroup = "/aws/eks/prod/cluster",
            logStream = stream,
            subscriptionFilters = new[] { "audit" },
            logEvents = messages.Select((message, at) => new { id = $"{at:d56}", timestamp = 1_780_000_000_123 + at, message }),
        });

    /// <summary>The lines that a text becomes, each of which a journal takes.</summary>
    public static (List<string> Lines, FeedCounts Counts) Unwrap(FeedUnwrapping unwrap, string text)
    {
        using var lines = new FeedLines();
        unwrap(Encoding.UTF8.GetBytes(text), lines);
        return (Split(lines), lines.Counts);
    }

    public static List<string> Split(FeedLines lines)
    {
        var text = Encoding.UTF8.GetString(lines.Written.Span);
        Assert.True(text.Length == 0 || text.EndsWith('\n'));
        List<string> all = [.. text.Split('\n')[..^1]];
        Assert.All(all, line => Assert.StartsWith("{", line));
        return all;
    }

    /// <summary>Reads a stored text to its end.</summary>
    public static async Task<(List<string> Lines, FeedCounts Counts, List<int> Groups)> ReadAsync(FeedUnwrapping unwrap, Stream stored)
    {
        var (all, counts, groups) = (new List<string>(), default(FeedCounts), new List<int>());
        await using var text = await FeedText.OpenAsync(stored, CancellationToken.None);
        await FeedReader.ReadAsync(
            text, unwrap,
            (part, lines) =>
            {
                Assert.Equal(groups.Count, part);
                all.AddRange(Split(lines));
                counts += lines.Counts;
                groups.Add(lines.Written.Length);
                return Task.CompletedTask;
            },
            CancellationToken.None);
        return (all, counts, groups);
    }
}
