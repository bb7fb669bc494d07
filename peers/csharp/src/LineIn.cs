namespace Stitch.CSharp;

// What comes in lines, as it is written there: proto/peer.proto says what each member means.

/// <summary>One line into a peer: an id, and one other member.</summary>
sealed record LineIn(
    string? Id = null,
    TypeSet? Types = null,
    Script? Script = null,
    Listen? Listen = null,
    ListenerPort? Close = null,
    ListenerPort? Drain = null,
    Flush? Flush = null,
    Call? Call = null);

/// <summary>A line of which no more is known.</summary>
sealed record LineId(string? Id = null);

/// <summary>A serialized FileDescriptorSet.</summary>
sealed record TypeSet(byte[]? Files = null);

sealed record ListenerPort(int Port = 0);

sealed record Flush;

sealed record Listen(
    string Host = "",
    int Port = 0,
    Tls? Tls = null,
    Keepalive? Keepalive = null,
    double MinPingMs = 0,
    int MaxReceiveBytes = 0,
    double MaxAgeMs = 0);

/// <summary>PEM texts of either side, the one version of a server, and the name that a client wants.</summary>
sealed record Tls(
    string Cert = "",
    string Key = "",
    string Ca = "",
    string ClientCa = "",
    string Version = "",
    string ServerName = "");

sealed record Keepalive(double TimeMs = 0, double TimeoutMs = 0, bool WithoutCalls = false);

sealed record Script(string Name = "", string Compression = "", ServerStep[]? Steps = null);

/// <summary>One member is not null; and the times of a send.</summary>
sealed record ServerStep(
    Headers? Headers = null,
    int? Receive = null,
    byte[]? Send = null,
    double? WaitMs = null,
    End? End = null,
    int Times = 0)
{
    public bool IsKnown => this is not { Headers: null, Receive: null, Send: null, WaitMs: null, End: null };
}

sealed record Headers(Metadatum[]? Entries = null);

sealed record End(CallStatus? Status = null, Metadatum[]? Trailers = null);

/// <summary>A channel is what it is told to be: equal ones are the same.</summary>
sealed record Channel(
    string Address = "",
    string Name = "",
    Tls? Tls = null,
    Keepalive? Keepalive = null,
    int MaxReceiveBytes = 0);

sealed record Call(
    Channel? Channel = null,
    string Method = "",
    string Types = "",
    Metadatum[]? Metadata = null,
    double TimeoutMs = 0,
    bool WaitForReady = false,
    string Compression = "",
    ClientStep[]? Steps = null,
    int Times = 0,
    int AtOnce = 0);

/// <summary>One member is set; and the times of a send.</summary>
sealed record ClientStep(
    byte[]? Send = null,
    bool Close = false,
    int? Receive = null,
    double? WaitMs = null,
    bool Cancel = false,
    int Times = 0)
{
    public bool IsKnown => this is not { Send: null, Close: false, Receive: null, WaitMs: null, Cancel: false };
}

/// <summary>A metadata entry: text, or the bytes of a "-bin" key.</summary>
sealed record Metadatum(string Key, string? Text = null, byte[]? Binary = null);

/// <summary>How a call ended. Details are a serialized google.rpc.Status.</summary>
sealed record CallStatus(int Code = 0, string Message = "", byte[]? Details = null);
