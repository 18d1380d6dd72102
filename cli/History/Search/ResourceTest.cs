namespace ClusterTrail.History.Search;

/// <summary>
/// What kind of object a record is about: <c>pods</c> with all its subresources, <c>pods/exec</c>, <c>deployments.apps</c>,
/// <c>deployments.apps/scale</c>.
/// </summary>
sealed class ResourceTest : RecordTest
{
    readonly TextPattern resource;
    readonly TextPattern? subresource;
    readonly TextPattern? group;

    internal ResourceTest(string text)
    {
        var (kind, sub) = text.Split('/', 2) switch { [var one, var below] => (one, below), var whole => (whole[0], null) };
        var (name, its) = kind.Split('.', 2) switch { [var one, var other] => (one, other), var whole => (whole[0], null) };
        resource = new(name);
        subresource = sub is null ? null : new(sub);
        group = its is null ? null : new(its);
        Needed = NeededOf([resource]);
    }

    internal override bool Holds(in RecordView record)
    {
        var token = record.ObjectRef;
        return AnyFits([resource], record.TextAt(token, "resource"u8))
            && (subresource is null || AnyFits([subresource], record.TextAt(token, "subresource"u8)))
            && (group is null || AnyFits([group], record.TextAt(token, "apiGroup"u8)));
    }
}
