namespace ClusterTrail.WebConsole.Tests.Browser;

/// <summary>A day of a cluster: what machines do all the time, people at work, and one who reads a secret and enters a pod.</summary>
static class SomeDay
{
    internal const string Thief = "mallory@example.com", Secret = "payment-key";

    internal static IEnumerable<string> Records()
    {
        var random = new Random(7);
        string[] names = ["ann@example.com", "bob@example.com", "carol@example.com", "system:serviceaccount:ci:deployer", "system:node:worker-1"];
        (string, string, string)[] kinds =
        [
            ("pods", "", "cart-0"), ("deployments", "apps", "web"), ("configmaps", "", "settings"), ("leases", "coordination.k8s.io", "worker-1"),
        ];
        for (var at = 0; at < 2400; at++)
        {
            var (resource, group, name) = kinds[random.Next(kinds.Length)];
            var hasFailed = random.Next(40) == 0;
            yield return (new SomeRecord
            {
                Id = $"{at:x24}-{at:x16}",
                User = names[random.Next(names.Length)],
                Verb = ((string[])["get", "list", "watch", "update", "patch"])[random.Next(5)],
                Resource = resource,
                Group = group,
                Namespace = random.Next(3) == 0 ? "bank" : "shop",
                Name = name,
                Address = $"10.0.{random.Next(4)}.{random.Next(1, 20)}",
                Status = hasFailed ? 403 : 200,
                Error = hasFailed ? "Forbidden" : null,
            }).At((at * 18) + (random.NextDouble() * 40) + (Math.Sin(at / 200.0) * 600)).ToString();
        }

        foreach (var record in Story())
            yield return record;
    }

    static IEnumerable<string> Story()
    {
        var thief = new SomeRecord { User = Thief, Address = "203.0.113.66", Agent = "curl/8.5.0", Name = Secret, Namespace = "bank" };
        yield return $"{(thief with { Id = "story-1", Verb = "list", Status = 403, Error = "Forbidden" }).At(20_000)}";
        yield return $"{(thief with { Id = "story-2", ActingAs = "system:admin" }).At(20_060)}";
        yield return $"{(new SomeRecord { Id = "story-3", User = "ann@example.com", Name = Secret, Namespace = "bank" }).At(9_000)}";
        var exec = (thief with
        {
            Id = "story-4",
            Verb = "create",
            Resource = "pods",
            Subresource = "exec",
            Name = "vault-0",
            Status = 101,
        }).At(20_120);
        yield return $"{exec}";
        yield return exec.Finding("pod-exec", "high", "Somebody ran a command in a pod, or attached to it.");
        yield return exec.At(20_121).Process("/bin/sh", "sh", "-c", "cat /var/run/secrets/token");
        yield return (thief with { Id = "story-2" }).At(20_060)
            .Finding("secret-read-by-person", "medium", "A person read the content of a Secret.");
    }
}
