using System.Text;
using ClusterTrail.Agent.Sources.Admission;
using ClusterTrail.Agent.Sources.Webhook;
using ClusterTrail.Rules.Events;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources.Admission;

public sealed class AdmissionReviewReaderTests
{
    public static TheoryData<string, string> Others => new()
    {
        { "", "not JSON" },
        { "[]", "not an object" },
        { "{}", "set admissionReviewVersions: [v1]" },
        { "{\"a\":1", "not JSON" },
        { "{} x", "not JSON" },
        { Reviews.Review(Reviews.Request()) + "{}", "not JSON" },
        { Reviews.Review(Reviews.Request()).Replace("k8s.io/v1\"", "k8s.io/v1beta1\"", StringComparison.Ordinal), "set admissionReviewVersions: [v1]" },
        { Reviews.Review(Reviews.Request()).Replace("\"AdmissionReview\"", "\"Other\"", StringComparison.Ordinal), "not an AdmissionReview" },
        { "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"response\":{\"uid\":\"a\"}}", "has no request" },
        { "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":[]}", "request is not an object" },
        { Reviews.Review(Reviews.Request(("uid", null))), "request.uid" },
        { Reviews.Review(Reviews.Request(("uid", "7"))), "request.uid is not a string" },
        { Reviews.Review(Reviews.Request(("uid", "\"a\\\"b\""))), "request.uid" },
        { Reviews.Review(Reviews.Request(("uid", $"\"{new string('a', 129)}\""))), "request.uid" },
        { Reviews.Review(Reviews.Request(("operation", null))), "request.operation" },
        { Reviews.Review(Reviews.Request(("operation", "\"create\""))), "request.operation" },
        { Reviews.Review(Reviews.Request(("resource", null), ("requestResource", null))), "request.resource" },
        { Reviews.Review(Reviews.Request(("userInfo", null))), "request.userInfo" },
        { Reviews.Review(Reviews.Request(("userInfo", "\"ann\""))), "request.userInfo is not an object" },
        { Reviews.Review(Reviews.Request(("object", "[]"))), "request.object is not an object" },
        { Reviews.Review(Reviews.Request()).Replace("\"dryRun\":false", "\"uid\":\"b\"", StringComparison.Ordinal), "request.uid is there twice" },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void AnythingElseIsRefusedWithASentence(string body, string sentence)
    {
        var refused = Assert.Throws<AdmissionReviewException>(() => AdmissionReviewReader.Read(Encoding.UTF8.GetBytes(body)));

        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MembersThatAreNotKnownChangeNothing()
    {
        var request = Reviews.Request();
        var line = Reviews.Line(Reviews.Review(request));
        request["later"] = new System.Text.Json.Nodes.JsonObject { ["uid"] = "other" };

        Assert.Equal(line, Reviews.Line(Reviews.Review(request)));
    }

    [Theory]
    [InlineData(9_000, true)]
    [InlineData(1_000_000, false)]
    public void AnObjectThatIsNestedDeeplyIsTakenOrRefusedAndNoStackOverflow(int depth, bool isTaken)
    {
        var body = Reviews.Review(Reviews.Request()).Replace(
            "\"image\":\"i\"", $"\"image\":{new string('[', depth)}{new string(']', depth)}", StringComparison.Ordinal);

        if (isTaken)
            Assert.NotEmpty(Reviews.Line(body));
        else
            Assert.Throws<AdmissionReviewException>(() => Reviews.Line(body));
    }

    [Fact]
    public void WhateverComesItIsOneLineThatIsAnEventOrASentence() => RandomSequences.Run(20_000, seed =>
    {
        var random = new Random(seed);
        var body = Encoding.UTF8.GetBytes(Some(random));
        for (var damage = random.Next(4); damage > 0; damage--)
        {
            switch (random.Next(4))
            {
                case 0:
                    body = body[..random.Next(body.Length + 1)];
                    break;
                case 1 when body.Length > 0:
                    var (from, to) = (random.Next(body.Length), random.Next(body.Length));
                    body = [.. body[..Math.Min(from, to)], .. body[Math.Max(from, to)..]];
                    break;
                case 2 when body.Length > 0:
                    var at = random.Next(body.Length);
                    body = [.. body[..at], .. body[random.Next(at + 1)..]];
                    break;
                case 3 when body.Length > 0:
                    body[random.Next(body.Length)] = (byte)"{}[]\",:\\\n\0 xtn\xff"[random.Next(15)];
                    break;
            }
        }

        using var line = new PooledBytes();
        try
        {
            AdmissionEvent.Write(AdmissionReviewReader.Read(body), Reviews.Arrived, line);
        }
        catch (AdmissionReviewException e)
        {
            Assert.NotEmpty(e.Message);
            return;
        }

        var text = line.Written.Span;
        Assert.Equal(text.Length - 1, text.IndexOf((byte)'\n'));
        // A byte that is not UTF-8 is the recorder's business.
        if (System.Text.Unicode.Utf8.IsValid(text))
            Assert.True(AuditEvent.TryParse(text[..^1], new JsonIndex(), out _, out var reason), $"{reason}: {Encoding.UTF8.GetString(text)}");
    });

    static string Some(Random random) => Reviews.Review(random.Next(4) switch
    {
        0 => Reviews.Request(),
        1 => Reviews.For("", "v1", "pods", "exec", ("operation", "\"CONNECT\""), ("object", """{"command":["a","\u00e9\n\\"],"tty":true}""")),
        2 => Reviews.Request(("operation", "\"DELETE\""), ("object", "null"), ("oldObject", Reviews.Pod)),
        _ => Reviews.Request(("operation", "\"UPDATE\""), ("dryRun", "true"), ("object", $"{{\"a\":\"{new string('x', random.Next(100_000))}\"}}")),
    });
}
