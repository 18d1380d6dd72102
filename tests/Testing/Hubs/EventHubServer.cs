using System.Security.Cryptography.X509Certificates;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Sasl;
using Amqp.Types;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.Testing.Hubs;

/// <summary>Stands in for an event hub: it speaks AMQP 1.0 over TLS with the real client library, and fails as it is told.</summary>
/// <remarks>
/// What it knows of the real service is what the client library and the documents of Azure say: tokens of $cbs, properties of $management,
/// links with an owner level that end others, and filters by sequence number or offset.
/// </remarks>
public sealed class EventHubServer : IDisposable
{
    public const string Hub = "kube-audit";
    public const string KeyName = "listen";

    readonly CertificateAuthority authority = new();
    readonly ContainerHost host;
    readonly Lock gate = new();
    readonly SortedDictionary<string, HubPartition> partitions = new(StringComparer.Ordinal);
    readonly HashSet<Connection> connections = [];

    public EventHubServer(int count = 2)
    {
        for (var at = 0; at < count; at++)
            AddPartition();
        var (certificate, key) = authority.IssueToServer();
        Port = FreePort.Next();
        host = new([new Address($"amqps://127.0.0.1:{Port}")], X509Certificate2.CreateFromPem(certificate, key));
        host.Listeners[0].SASL.EnableMechanism("MSSBCBS", new CbsProfile());
        host.RegisterRequestProcessor("$cbs", new Requests(PutToken));
        host.RegisterRequestProcessor("$management", new Requests(Answer));
        host.RegisterLinkProcessor(new Links(this));
        host.Open();
    }

    public int Port { get; }

    /// <summary>The authority that issued its certificate, in PEM.</summary>
    public string AuthorityPem => authority.Pem;

    public string Endpoint => $"sb://127.0.0.1:{Port}";

    public DateTime CreatedAt { get; private set; } = DateTime.UtcNow.AddHours(-1);

    /// <summary>The key that it accepts signatures of, as a client has it.</summary>
    public string Key { get; set; } = Convert.ToBase64String(new byte[32]);

    /// <summary>Whether no token is accepted.</summary>
    public bool RejectsTokens { get; set; }

    /// <summary>After as many messages of a link, its connection is cut.</summary>
    public int? CutsAfter { get; set; }

    /// <summary>How many links to partitions were opened.</summary>
    public int Opened { get; private set; }

    /// <summary>How many tokens were sent to it.</summary>
    public int Tokens { get; private set; }

    public string ConnectionString =>
        $"Endpoint=sb://localhost/;SharedAccessKeyName={KeyName};SharedAccessKey={Key};EntityPath={Hub}";

    public void AddPartition()
    {
        lock (gate)
            partitions[$"{partitions.Count}"] = new();
    }

    public void Send(string partition, params IEnumerable<byte[]> bodies)
    {
        foreach (var body in bodies)
            Of(partition).Add(body);
    }

    /// <summary>Removes messages before this number, as retention does.</summary>
    public void Expire(string partition, long before) => Of(partition).Expire(before);

    /// <summary>How many messages of a partition were sent.</summary>
    public int Sent(string partition) => Of(partition).Sent;

    /// <summary>Deletes the hub, and makes one of the same name.</summary>
    public void Replace()
    {
        lock (gate)
        {
            CreatedAt = DateTime.UtcNow;
            foreach (var name in partitions.Keys.ToList())
                partitions[name] = new();
        }

        Cut();
    }

    /// <summary>Cuts all connections.</summary>
    public void Cut()
    {
        List<Connection> now;
        lock (gate)
        {
            now = [.. connections];
            connections.Clear();
        }

        foreach (var one in now)
            one.CloseAsync(TimeSpan.Zero, new Error("amqp:connection:forced") { Description = "cut" });
    }

    public void Dispose()
    {
        host.Close();
        authority.Dispose();
    }

    HubPartition Of(string partition)
    {
        lock (gate)
            return partitions[partition];
    }

    // Those who read put a token first; who asks has it in the request.
    Message PutToken(Message request) => IsGood($"{request.Body}") ? Status(202, "Accepted") : Unauthorized();

    bool IsGood(string token)
    {
        Tokens++;
        return !RejectsTokens && token.StartsWith("SharedAccessSignature ", StringComparison.Ordinal)
            && token.Contains($"skn={KeyName}", StringComparison.Ordinal) && HubSignature.IsOf(token, Key);
    }

    Message Answer(Message request)
    {
        var asked = request.ApplicationProperties.Map;
        if (!Equals(asked["name"], Hub))
            return Status(404, $"The messaging entity '{asked["name"]}' could not be found.");
        if (!IsGood($"{asked["security_token"]}"))
            return Unauthorized();
        var answer = Status(200, "OK");
        lock (gate)
        {
            answer.BodySection = new AmqpValue
            {
                Value = Equals(asked["type"], "com.microsoft:partition")
                    ? partitions[$"{asked["partition"]}"].Describe(Hub, $"{asked["partition"]}")
                    : new Map
                    {
                        ["name"] = Hub,
                        ["type"] = "com.microsoft:eventhub",
                        ["created_at"] = CreatedAt,
                        ["partition_count"] = partitions.Count,
                        ["partition_ids"] = partitions.Keys.ToArray(),
                    },
            };
        }

        return answer;
    }

    static Message Unauthorized() => Status(401, "InvalidSignature: The token has an invalid signature.");

    static Message Status(int code, string description) => new("")
    {
        ApplicationProperties = new() { ["status-code"] = code, ["status-description"] = description },
    };

    // hub/ConsumerGroups/group/Partitions/id
    void Attach(AttachContext context)
    {
        var address = ((Source)context.Attach.Source).Address;
        var path = (Uri.TryCreate(address, UriKind.Absolute, out var url) ? url.AbsolutePath : address).Trim('/').Split('/');
        lock (gate)
        {
            if (path is not [Hub, "ConsumerGroups", var group, "Partitions", var id] || !partitions.TryGetValue(id, out var partition))
            {
                context.Complete(new Error(ErrorCode.NotFound) { Description = $"The messaging entity '{path[0]}' could not be found." });
                return;
            }

            Opened++;
            connections.Add(context.Link.Session.Connection);
            var reader = new HubReader(context.Link, HubReader.LevelOf(context.Attach), HubReader.AfterOf(context.Attach), CutsAfter, Cut);
            if (partition.TryOpen(group, reader, out var refused))
                context.Complete(reader, 0);
            else
                context.Complete(refused);
        }
    }

    sealed class CbsProfile() : SaslProfile("MSSBCBS")
    {
        protected override ITransport UpgradeTransport(ITransport transport) => transport;

        protected override DescribedList? GetStartCommand(string hostname) => null;

        protected override DescribedList OnCommand(DescribedList command) => new SaslOutcome { Code = SaslCode.Ok };
    }

    sealed class Requests(Func<Message, Message> answer) : IRequestProcessor
    {
        public int Credit => 100;

        public void Process(RequestContext requestContext) => requestContext.Complete(answer(requestContext.Message));
    }

    sealed class Links(EventHubServer server) : ILinkProcessor
    {
        public void Process(AttachContext attachContext) => server.Attach(attachContext);
    }
}
