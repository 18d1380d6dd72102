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

    // A request's headers have 1 MiB at most (net/http, DefaultMaxHeaderBytes): groups to act as take no more of an event than of them, and
    // X-Forwarded-For, at three bytes an address, less than twice as much.
    static readonly (byte[] Member, int Room)[] Members =
    [
        ([.. "user"u8], 1 << 20),
        ([.. "impersonatedUser"u8], 5 << 18),
        ([.. "sourceIPs"u8], 2 << 20),
        ([.. "responseStatus"u8], 1 << 18),
        ([.. "annotations"u8], 1 << 18),
    ];

    const int RoomForRest = 1 << 18;

    const int Rest = 0;
    const int Request = 1;
    const int Response = 2;
    const int FirstMember = 3;

    readonly int bodyRoom;
    readonly int stringRoom;
    readonly int[] rooms = new int[FirstMember + Members.Length];
    readonly int[] cutsLeft = new int[FirstMember + Members.Length];
    readonly List<Cut> cuts = [];
    byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    int zone;

    public ReducedText(int maxEventBytes)
    {
        bodyRoom = Math.Max(maxEventBytes / BodyShare, LeastBody);
        stringRoom = Math.Clamp(maxEventBytes / StringShare, LeastString, MostString);
        Clear();
    }

    /// <summary>What ends a number or a literal.</summary>
    public static SearchValues<byte> ScalarEnds { get; } = SearchValues.Create(",:]}[{\" \t\r\n"u8);

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, Length);

    public IReadOnlyList<Cut> Cuts => cuts;

    public bool HasRoom => rooms[zone] >= LeastItem;

    /// <summary>Whether what is written is part of a body.</summary>
    public bool IsInBody => zone is Request or Response;

    public void Clear()
    {
        (Length, zone) = (0, Rest);
        (rooms[Rest], rooms[Request], rooms[Response]) = (RoomForRest, bodyRoom, bodyRoom);
        Members.Select(member => member.Room).ToArray().CopyTo(rooms, FirstMember);
        cutsLeft.AsSpan().Fill(MaxCuts);
        cuts.Clear();
    }

    /// <summary>Begins with the value of a member of the event itself: some have room of their own.</summary>
    public void Enter(ReadOnlySpan<byte> member)
    {
        zone = member.SequenceEqual("requestObject"u8) ? Request : member.SequenceEqual("responseObject"u8) ? Response : Rest;
        for (var at = 0; at < Members.Length; at++)
        {
            zone = member.SequenceEqual(Members[at].Member) ? FirstMember + at : zone;
        }
    }

    public void Leave() => zone = Rest;

    /// <param name="isSure">Whether something of it is kept in any case.</param>
    public int RoomForString(bool isSure) => Math.Max(Math.Min(stringRoom, rooms[zone]), isSure ? SureString : 0);

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
        rooms[zone] -= bytes.Length;
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
        rooms[zone]--;
    }

    public void Close(byte bracket)
    {
        rooms[zone]++;
        Append([bracket]);
    }

    /// <summary>Takes back what was written last.</summary>
    public void Drop(int bytes) => Length -= bytes;

    /// <summary>Notes a value that is not there whole. After many there is no more room.</summary>
    public void Note(string pointer, long bytes, int position)
    {
        cuts.Add(new(pointer, bytes, position));
        if (--cutsLeft[zone] == 0)
        {
            rooms[zone] = 0;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        (buffer, Length) = ([], 0);
    }
}
