namespace Stitch.CSharp;

/// <summary>One line out of a peer: one member is not null.</summary>
sealed record LineOut(Ready? Ready = null, Answer? Answer = null, Served? Served = null, Ended? Ended = null);

/// <summary>What the peer is made of.</summary>
sealed record Ready(
    string Language,
    string LanguageVersion,
    string Library,
    string LibraryVersion,
    string Messages);

/// <summary>What came of an instruction.</summary>
sealed record Answer(string Id, string? Refused = null, int Port = 0);

/// <summary>What a server saw of a call, and how it answered.</summary>
sealed record Served(string Method)
{
    public string? CallId { get; set; }
    public string? Script { get; set; }
    public IReadOnlyList<Metadatum>? Metadata { get; set; }
    public List<MessageEntry> Requests { get; } = [];
    public List<MessageEntry> Responses { get; } = [];
    public double? TimeRemainingMs { get; set; }
    public bool Cancelled { get; set; }
    public CallStatus? Status { get; set; }
    public string? Unusable { get; set; }
    public string? ClientName { get; set; }
}

/// <summary>What a client saw of a call.</summary>
sealed record Ended(string Id, string? Unsupported = null, string? Unusable = null)
{
    public CallStatus? Status { get; set; }
    public List<MessageEntry> Responses { get; } = [];
    public IReadOnlyList<Metadatum>? Headers { get; set; }
    public IReadOnlyList<Metadatum>? Trailers { get; set; }
    public int Sent { get; set; }
    public double ElapsedMs { get; set; }
}

/// <summary>A serialized message, so many times in a row.</summary>
sealed record MessageEntry(byte[] Bytes)
{
    public int Times { get; set; } = 1;
}

static class MessageEntries
{
    /// <summary>Notes a message behind the others; one that equals the last is counted there.</summary>
    public static void Note(this List<MessageEntry> entries, Message message)
    {
        var bytes = message.ToBytes();
        if (entries is [.., var last] && last.Bytes.AsSpan().SequenceEqual(bytes))
            last.Times++;
        else
            entries.Add(new MessageEntry(bytes));
    }
}
