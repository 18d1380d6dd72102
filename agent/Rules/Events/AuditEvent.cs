namespace ClusterTrail.Rules.Events;

/// <summary>One line of an audit log, taken apart as far as selecting and recording need it.</summary>
/// <remarks>
/// Every span is a piece of the line: the text between a string's quotes with its escapes, or nothing when the field is absent.
/// </remarks>
ref struct AuditEvent
{
    public ReadOnlySpan<byte> Line;
    public JsonIndex Index;

    /// <summary>What was cut out of it; null for an event as it came.</summary>
    public Truncation? Truncation;

    /// <summary>Whether it is no audit event but a process, see <see cref="ProcessEvent"/>.</summary>
    public bool IsProcess;

    public AuditLevel Level;
    public ReadOnlySpan<byte> Stage;
    public ReadOnlySpan<byte> RequestUri;
    public ReadOnlySpan<byte> Verb;
    public ReadOnlySpan<byte> StageTimestamp;
    public ReadOnlySpan<byte> RequestReceivedTimestamp;

    public ReadOnlySpan<byte> UserName;
    public ReadOnlySpan<byte> ImpersonatedUserName;
    public ReadOnlySpan<byte> UserAgent;

    /// <summary>The tokens of the arrays <c>user.groups</c> and <c>sourceIPs</c>; 0 when absent.</summary>
    public int Groups;
    public int SourceIPs;

    public bool HasObject;
    public ReadOnlySpan<byte> ApiGroup;
    public ReadOnlySpan<byte> Resource;
    public ReadOnlySpan<byte> Subresource;
    public ReadOnlySpan<byte> Namespace;
    public ReadOnlySpan<byte> Name;

    public ReadOnlySpan<byte> StatusCode;
    public ReadOnlySpan<byte> StatusReason;

    /// <summary>
    /// The last of <c>sourceIPs</c>: the API server appends the address that it saw itself, all before it are what the client claims.
    /// </summary>
    public readonly ReadOnlySpan<byte> SourceAddress
    {
        get
        {
            ReadOnlySpan<byte> last = default;
            foreach (var item in new JsonItems(Line, Index, SourceIPs))
            {
                last = JsonText.At(Line, Index, item);
            }

            return last;
        }
    }

    /// <summary>The tokens of these members' values; 0 when absent.</summary>
    public int User;
    public int ImpersonatedUser;
    public int ObjectRef;
    public int ResponseStatus;
    public int Annotations;

    /// <summary>The tokens of the bodies' keys; 0 when absent.</summary>
    public int RequestObject;
    public int ResponseObject;

    public const string NotJson = "NotJson";

    /// <summary>Reads the line; false when it is not an audit event as JSON, and the reason then.</summary>
    /// <param name="truncation">What was cut out of it before.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> line, JsonIndex index, out AuditEvent parsed, out string reason, Truncation? truncation = null)
    {
        parsed = new AuditEvent { Line = line, Index = index, Truncation = truncation };
        if (!index.TryIndex(line))
        {
            reason = NotJson;
            return false;
        }

        reason = "NotAnAuditEvent";
        return line[index.Position(0)] == (byte)'{' && parsed.ReadMembers();
    }

    bool ReadMembers()
    {
        foreach (var member in new JsonMembers(Line, Index, 0))
        {
            Read(member);
        }

        return Level != AuditLevel.None && !Stage.IsEmpty;
    }

    // By length first: every event passes here.
    void Read(JsonMember member)
    {
        var name = member.Name;
        switch (name.Length)
        {
            case 4 when name.SequenceEqual("verb"u8): Verb = member.Text; break;
            case 4 when name.SequenceEqual("user"u8): ReadUser(member.Value); break;
            case 5 when name.SequenceEqual("level"u8): Level = ParseLevel(member.Text); break;
            case 5 when name.SequenceEqual("stage"u8): Stage = member.Text; break;
            case 9 when name.SequenceEqual("objectRef"u8): ReadObject(member.Value); break;
            case 9 when name.SequenceEqual("sourceIPs"u8): SourceIPs = member.Value; break;
            case 9 when name.SequenceEqual("userAgent"u8): UserAgent = member.Text; break;
            case 11 when name.SequenceEqual("annotations"u8): Annotations = member.Value; break;
            case 10 when name.SequenceEqual("requestURI"u8): RequestUri = member.Text; break;
            case 13 when name.SequenceEqual("requestObject"u8): RequestObject = member.Key; break;
            case 14 when name.SequenceEqual("responseObject"u8): ResponseObject = member.Key; break;
            case 14 when name.SequenceEqual("responseStatus"u8): ReadStatus(member.Value); break;
            case 14 when name.SequenceEqual("stageTimestamp"u8): StageTimestamp = member.Text; break;
            case 24 when name.SequenceEqual("requestReceivedTimestamp"u8): RequestReceivedTimestamp = member.Text; break;
            case 16 when name.SequenceEqual("impersonatedUser"u8): ReadImpersonatedUser(member.Value); break;
        }
    }

    void ReadUser(int token)
    {
        User = token;
        foreach (var member in new JsonMembers(Line, Index, token))
        {
            if (member.Name.SequenceEqual("username"u8))
            {
                UserName = member.Text;
            }
            else if (member.Name.SequenceEqual("groups"u8))
            {
                Groups = member.Value;
            }
        }
    }

    void ReadImpersonatedUser(int token)
    {
        ImpersonatedUser = token;
        foreach (var member in new JsonMembers(Line, Index, token))
        {
            if (member.Name.SequenceEqual("username"u8))
            {
                ImpersonatedUserName = member.Text;
            }
        }
    }

    void ReadObject(int token)
    {
        ObjectRef = token;
        HasObject = Line[Index.Position(token)] == (byte)'{';
        foreach (var member in new JsonMembers(Line, Index, token))
        {
            switch (member.Name)
            {
                case var name when name.SequenceEqual("resource"u8): Resource = member.Text; break;
                case var name when name.SequenceEqual("namespace"u8): Namespace = member.Text; break;
                case var name when name.SequenceEqual("name"u8): Name = member.Text; break;
                case var name when name.SequenceEqual("apiGroup"u8): ApiGroup = member.Text; break;
                case var name when name.SequenceEqual("subresource"u8): Subresource = member.Text; break;
            }
        }
    }

    void ReadStatus(int token)
    {
        ResponseStatus = token;
        foreach (var member in new JsonMembers(Line, Index, token))
        {
            if (member.Name.SequenceEqual("code"u8))
            {
                StatusCode = member.Text;
            }
            else if (member.Name.SequenceEqual("reason"u8))
            {
                StatusReason = member.Text;
            }
        }
    }

    static AuditLevel ParseLevel(ReadOnlySpan<byte> text) => text switch
    {
        _ when text.SequenceEqual("Metadata"u8) => AuditLevel.Metadata,
        _ when text.SequenceEqual("Request"u8) => AuditLevel.Request,
        _ when text.SequenceEqual("RequestResponse"u8) => AuditLevel.RequestResponse,
        _ => AuditLevel.None,
    };
}
