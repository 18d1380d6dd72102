using System.Buffers;

namespace ClusterTrail.Rules.Events;

/// <summary>What is kept of an event, and how much room there is for more.</summary>
sealed class ReducedText : IDisposable
{
    const int FirstBuffer = 64 << 10;
    const int LeastBody = 16 << 10;
    const int BodyShare = 4;
    const int MostString = 64 << 10;
    const int LeastString = 1 << 10;
    const int StringShare = 64;

    // What is kept of a string of which something must be there, though there is no room.
    const int SureString = 256;

    // Below this nothing more is begun.
    const int LeastItem = 64;

    const int MaxCuts = 1000;

    // Of a line that is in memory anyway: more than a body of 3 MiB can have, which is as large as the API server takes one.
    const int MaxCutsOfWhole = 1 << 20;

    // A request has a line and headers of 1 MiB and 4 KiB at most (net/http, DefaultMaxHeaderBytes). A byte of them takes no more than
    // three of an event, once HTML's characters have lost their escapes: one that is not UTF-8 becomes U+FFFD, and of X-Forwarded-For three
    // become five.
    const int RoomForHeaders = 3 * ((1 << 20) + (4 << 10));

    const int RoomForUser = 1 << 20;
    const int RoomForRest = 1 << 18;

    readonly bool isWhole;
    readonly int bodyRoom;
    readonly int stringRoom;
    readonly int[] rooms = new int[Enum.GetValues<Zone>().Length];
    readonly int[] cutsLeft = new int[Enum.GetValues<Zone>().Length];
    readonly List<Cut> cuts = [];
    byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    Zone zone;

    /// <param name="isWhole">Whether there is room for all.</param>
    public ReducedText(int maxEventBytes, bool isWhole)
    {
        this.isWhole = isWhole;
        bodyRoom = Math.Max(maxEventBytes / BodyShare, LeastBody);
        stringRoom = Math.Clamp(maxEventBytes / StringShare, LeastString, MostString);
        Clear();
    }

    /// <summary>Members of an event that have room together, which no other one takes.</summary>
    enum Zone
    {
        Rest,
        Headers,
        User,
        Status,
        Annotations,
        Request,
        Response,
    }

    /// <summary>What ends a number or a literal.</summary>
    public static SearchValues<byte> ScalarEnds { get; } = SearchValues.Create(",:]}[{\" \t\r\n"u8);

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, Length);

    public IReadOnlyList<Cut> Cuts => cuts;

    public bool HasRoom => rooms[(int)zone] >= LeastItem;

    /// <summary>Whether there are so few cuts that the next one is named.</summary>
    public bool NamesCuts => cuts.Count < MaxCuts * rooms.Length;

    /// <summary>Whether what is written is part of a body.</summary>
    public bool IsInBody => zone is Zone.Request or Zone.Response;

    public void Clear()
    {
        (Length, zone) = (0, Zone.Rest);
        foreach (var one in Enum.GetValues<Zone>())
        {
            rooms[(int)one] = RoomFor(one);
        }

        cutsLeft.AsSpan().Fill(isWhole ? MaxCutsOfWhole : MaxCuts);
        cuts.Clear();
    }

    /// <summary>Begins with the value of a member of the event itself: some have room of their own.</summary>
    public void Enter(ReadOnlySpan<byte> member) => zone = member switch
    {
        _ when member.SequenceEqual("requestURI"u8) || member.SequenceEqual("userAgent"u8) => Zone.Headers,
        _ when member.SequenceEqual("sourceIPs"u8) || member.SequenceEqual("impersonatedUser"u8) => Zone.Headers,
        _ when member.SequenceEqual("user"u8) => Zone.User,
        _ when member.SequenceEqual("responseStatus"u8) => Zone.Status,
        _ when member.SequenceEqual("annotations"u8) => Zone.Annotations,
        _ when member.SequenceEqual("requestObject"u8) => Zone.Request,
        _ when member.SequenceEqual("responseObject"u8) => Zone.Response,
        _ => Zone.Rest,
    };

    public void Leave() => zone = Zone.Rest;

    /// <param name="isSure">Whether something of it is kept in any case.</param>
    public int RoomForString(bool isSure)
    {
        var most = isWhole ? int.MaxValue : zone == Zone.Headers ? RoomForHeaders : IsInBody ? stringRoom : MostString;
        return Math.Max(Math.Min(most, rooms[(int)zone]), isSure ? SureString : 0);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (Length + bytes.Length > buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(buffer.Length * 2, Length + bytes.Length));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }

        bytes.CopyTo(buffer.AsSpan(Length));
        Length += bytes.Length;
        rooms[(int)zone] -= bytes.Length;
    }

    /// <summary>Writes the comma before an item, unless it is the first.</summary>
    public void Separate(bool follows)
    {
        if (follows)
        {
            Append(","u8);
        }
    }

    /// <summary>Begins an object or array: its end has room from now on.</summary>
    public void Open(byte bracket)
    {
        Append([bracket]);
        rooms[(int)zone]--;
    }

    public void Close(byte bracket)
    {
        rooms[(int)zone]++;
        Append([bracket]);
    }

    /// <summary>Takes back what was written last.</summary>
    public void Drop(int bytes) => Length -= bytes;

    /// <summary>What names a cut of which there are too many.</summary>
    public string Unnamed => zone switch { Zone.Request => "/requestObject/…", Zone.Response => "/responseObject/…", _ => "/…" };

    /// <summary>Notes a value that is not there whole. After many there is no more room.</summary>
    public void Note(string pointer, long bytes, int position)
    {
        cuts.Add(new(pointer, bytes, position));
        if (--cutsLeft[(int)zone] == 0)
        {
            rooms[(int)zone] = 0;
        }
    }

    int RoomFor(Zone one) => one switch
    {
        _ when isWhole => int.MaxValue,
        Zone.Headers => RoomForHeaders,
        Zone.User => RoomForUser,
        Zone.Request or Zone.Response => bodyRoom,
        _ => RoomForRest,
    };

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        (buffer, Length) = ([], 0);
    }
}
