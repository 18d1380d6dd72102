using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.Fixtures.Tests.Cluster;

/// <summary>A namespaced custom resource of a test's own, whose rule is that its size is at least its min.</summary>
sealed class Widgets(KubectlUser admin) : IAsyncDisposable
{
    readonly string group = $"w{Guid.NewGuid():N}.clustertrail.io";

    public static async Task<Widgets> DefineAsync(KubectlUser admin, CancellationToken cancellationToken)
    {
        var widgets = new Widgets(admin);
        await admin.ApplyAsync(widgets.Definition, cancellationToken);
        await admin.WaitForKindsAsync([$"crd/widgets.{widgets.group}"], cancellationToken);
        return widgets;
    }

    public string Manifest(string @namespace, string name, int size, int least) =>
        $$$"""{"apiVersion": "{{{group}}}/v1", "kind": "Widget", "metadata": {"name": "{{{name}}}", "namespace": "{{{@namespace}}}"}, "spec": {"size": {{{size}}}, "min": {{{least}}}}}""";

    public async ValueTask DisposeAsync() => await admin.RunAsync(["delete", "crd", $"widgets.{group}", "--wait=false"], default);

    string Definition => $$"""
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: { name: widgets.{{group}} }
        spec:
          group: {{group}}
          scope: Namespaced
          names: { plural: widgets, singular: widget, kind: Widget }
          versions:
          - name: v1
            served: true
            storage: true
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  spec:
                    type: object
                    required: [size, min]
                    properties: { size: { type: integer }, min: { type: integer } }
                    x-kubernetes-validations: [{ rule: self.size >= self.min, message: size must be at least min }]
        """;
}
