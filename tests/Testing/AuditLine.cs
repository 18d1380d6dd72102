using System.Text;

namespace ClusterTrail.Testing;

/// <summary>Audit events as the API server writes them.</summary>
public static class AuditLine
{
    static readonly (string Name, string? Json)[] Event =
    [
        ("kind", "\"Event\""),
        ("apiVersion", "\"audit.k8s.io/v1\""),
        ("level", "\"RequestResponse\""),
        ("auditID", "\"23efbbba-9cce-46d7-95a0-36520fac0bfb\""),
        ("stage", "\"ResponseComplete\""),
        ("requestURI", "\"/api/v1/namespaces/shop/pods/web\""),
        ("verb", "\"get\""),
        ("user", """{"username":"ann","groups":["devs","system:authenticated"]}"""),
        ("sourceIPs", "[\"10.0.0.7\"]"),
        ("userAgent", "\"kubectl/v1.36.4\""),
        ("objectRef", """{"resource":"pods","namespace":"shop","name":"web","apiVersion":"v1"}"""),
        ("responseStatus", """{"metadata":{},"code":200}"""),
        ("requestReceivedTimestamp", "\"2026-11-22T05:35:25.600230Z\""),
        ("stageTimestamp", "\"2026-11-22T05:35:25.608888Z\""),
    ];

    /// <summary>An audit event as the API server writes it; members are replaced in place, added at the end, or left out when null.</summary>
    public static byte[] Of(params (string Name, string? Json)[] members)
    {
        var all = Event.Select(member => members.FirstOrDefault(other => other.Name == member.Name, member))
            .Concat(members.Where(member => Event.All(other => other.Name != member.Name)))
            .Where(member => member.Json is not null);
        return Encoding.UTF8.GetBytes($"{{{string.Join(',', all.Select(member => $"\"{member.Name}\":{member.Json}"))}}}");
    }

    /// <summary>The members of an event about an object.</summary>
    public static (string, string?) ObjectRef(string resource, string? subresource = null, string group = "", string ns = "shop", string name = "web") =>
        ("objectRef", $$"""{"resource":"{{resource}}","namespace":"{{ns}}","name":"{{name}}","apiGroup":"{{group}}","apiVersion":"v1"{{(subresource is null ? "" : $",\"subresource\":\"{subresource}\"")}}}""");
}
