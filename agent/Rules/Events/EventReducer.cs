namespace ClusterTrail.Rules.Events;

/// <summary>Reads an event of any size, depth and bytes in pieces, and keeps of it what fits: who, what, on what, from where, and
/// when.</summary>
/// <remarks>
/// Guarantees: what is kept is valid JSON in valid UTF-8 with the structure of the event; what is missing in it is named; memory is
/// bounded, whatever comes. Long strings are cut, and of objects and arrays without room the last members and items. Each member of the
/// event has room of its own, so that none takes it from another.
/// Caveats: HTML's characters lose their escapes (the API server writes <c>&lt;</c> as six bytes), and space between tokens is not kept.
/// </remarks>
sealed partial class EventReducer : IDisposable
{
    // Go's decoder refuses more than 10,000.
    const int MaxNesting = 20_000;

    // In its record the event is one deeper.
    const int MaxKept = JsonIndex.MaxDepth - 1;

    // So many members of the event, or of one of its members that is no body, are kept in any case.
    const int SureMembers = 1000;

    readonly ReducedText text;
    readonly ReducedString current = new();
    readonly ReducedPath path = new();
    readonly byte[] scalar = new byte[64];
    int scalarBytes;
    Expected expected;
    long offset;
    bool isBroken;

    /// <param name="maxEventBytes">What there is room for goes by it.</param>
    public EventReducer(int maxEventBytes)
        : this(new ReducedText(maxEventBytes, isWhole: false))
    {
    }

    EventReducer(ReducedText text)
    {
        this.text = text;
        Start();
    }

    /// <summary>One that has room for all that is not nested too deep: for lines that are in memory anyway.</summary>
    public static EventReducer OfWholeLines() => new(new ReducedText(int.MaxValue, isWhole: true));

    enum Expected
    {
        Value,
        ValueOrEnd,
        Key,
        KeyOrEnd,
        Colon,
        CommaOrEnd,
        InKey,
        InString,
        InScalar,
        Nothing,
    }

    /// <summary>Why the event could not be taken as it was, if not for its length.</summary>
    public TruncationReason? Reason => current.WasInvalid ? TruncationReason.NotUtf8
        : path.WasTooDeep ? TruncationReason.NestedTooDeep
        : null;

    /// <summary>What is kept.</summary>
    public ReadOnlySpan<byte> Text => text.Written;

    /// <summary>What is not there whole.</summary>
    public IReadOnlyList<Cut> Cuts => text.Cuts;

    /// <summary>Whether the pieces so far are one JSON object.</summary>
    public bool IsWhole => !isBroken && expected == Expected.Nothing;

    bool IsSure => path.Depth == 1 || (path.Depth == 2 && !text.IsInBody);

    /// <summary>Begins with another event.</summary>
    public void Start()
    {
        text.Clear();
        current.Clear();
        path.Clear();
        (expected, offset, isBroken, scalarBytes) = (Expected.Value, 0, false, 0);
    }

    /// <summary>Takes the next piece.</summary>
    public void Append(ReadOnlySpan<byte> piece)
    {
        for (var at = 0; at < piece.Length && !isBroken;)
        {
            at += expected switch
            {
                Expected.InKey or Expected.InString => TakeString(piece[at..], offset + at),
                Expected.InScalar => TakeScalar(piece[at..], offset + at),
                _ => TakeToken(piece[at], offset + at),
            };
        }

        offset += piece.Length;
    }

    public void Dispose() => text.Dispose();

    int TakeToken(byte one, long at)
    {
        if (one is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            return 1;
        }

        switch (expected, one)
        {
            case (Expected.Colon, (byte)':'):
                expected = Expected.Value;
                break;
            case (Expected.CommaOrEnd, (byte)','):
                expected = path.IsInObject ? Expected.Key : Expected.Value;
                break;
            case (Expected.CommaOrEnd or Expected.KeyOrEnd, (byte)'}') when path.IsInObject:
            case (Expected.CommaOrEnd or Expected.ValueOrEnd, (byte)']') when !path.IsInObject && path.Depth > 0:
                Close(one, at);
                break;
            case (Expected.Key or Expected.KeyOrEnd, (byte)'"'):
                BeginKey(at);
                break;
            case (Expected.Value or Expected.ValueOrEnd, not ((byte)',' or (byte)':' or (byte)']' or (byte)'}')):
                return BeginValue(one, at);
            default:
                isBroken = true;
                break;
        }

        return 1;
    }

    void BeginKey(long at)
    {
        var isSure = IsSure && path.Items < SureMembers;
        path.KeepsMember = path.IsKept && (isSure || text.HasRoom);
        if (path.IsKept && !path.KeepsMember)
        {
            path.Cut();
        }

        path.NextItem();
        if (path.KeepsMember)
        {
            text.Separate(path.TakeHasKept());
            text.Append("\""u8);
            path.KeyAt(text.Length);
        }

        current.Begin(at, text.RoomForString(isSure));
        expected = Expected.InKey;
    }

    int BeginValue(byte one, long at)
    {
        var keeps = path.Depth == 0 || (path.IsInObject ? path.KeepsMember : KeepsItem());
        switch (one)
        {
            case (byte)'{' or (byte)'[':
                Open(one, at, keeps);
                return 1;
            case (byte)'"' when path.Depth > 0:
                path.ValueAt(text.Length);
                if (keeps)
                {
                    text.Append("\""u8);
                }

                current.Begin(at, text.RoomForString(IsSure && path.IsInObject));
                (expected, path.KeepsValue) = (Expected.InString, keeps);
                return 1;
            default:
                isBroken |= path.Depth == 0;
                (expected, scalarBytes, path.KeepsValue) = (Expected.InScalar, 0, keeps);
                return 0;
        }
    }

    bool KeepsItem()
    {
        path.NextItem();
        var keeps = path.IsKept && text.HasRoom;
        if (path.IsKept && !keeps)
        {
            path.Cut();
        }

        if (keeps)
        {
            text.Separate(path.TakeHasKept());
        }

        return keeps;
    }

    void Open(byte bracket, long at, bool keeps)
    {
        isBroken |= path.Depth == MaxNesting || (path.Depth == 0 && bracket != (byte)'{');
        var isTooDeep = keeps && path.Depth >= MaxKept;
        if (isTooDeep)
        {
            // What is in it has no place: null stands for it.
            path.Push(bracket == (byte)'{', text.Length, at, isKept: false, isReplaced: true);
            text.Append("null"u8);
        }
        else
        {
            path.Push(bracket == (byte)'{', text.Length, at, keeps, isReplaced: false);
            if (keeps)
            {
                text.Open(bracket);
            }
        }

        expected = bracket == (byte)'{' ? Expected.KeyOrEnd : Expected.ValueOrEnd;
    }

    void Close(byte bracket, long at)
    {
        if (path.IsKept)
        {
            text.Close(bracket);
        }

        var closed = path.Pop();
        if (closed.IsCut)
        {
            text.Note(Place(), at + 1 - closed.Start, closed.Position);
        }

        EndValue();
    }

    string Place() => text.NamesCuts ? path.Describe(text.Written) : text.Unnamed;

    void EndValue()
    {
        if (path.Depth == 1)
        {
            text.Leave();
        }

        expected = path.Depth == 0 ? Expected.Nothing : Expected.CommaOrEnd;
    }
}
