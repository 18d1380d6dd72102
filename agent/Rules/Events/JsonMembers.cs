namespace ClusterTrail.Rules.Events;

/// <summary>The members of an object in an indexed text; of anything else, none.</summary>
ref struct JsonMembers(ReadOnlySpan<byte> json, JsonIndex index, int token)
{
    readonly ReadOnlySpan<byte> json = json;
    readonly int end = json[index.Position(token)] == (byte)'{' ? index.Closing(token) : 0;
    int next = token + 1;

    public JsonMember Current { get; private set; }

    public readonly JsonMembers GetEnumerator() => this;

    public bool MoveNext()
    {
        if (next >= end)
        {
            return false;
        }

        // A key, its colon and its value, then a comma or the end.
        Current = new JsonMember(json, index, next);
        next = index.After(json, next + 2) + 1;
        return true;
    }
}
