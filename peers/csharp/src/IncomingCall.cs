using Google.Protobuf;
using Grpc.Core;

namespace Stitch.CSharp;

/// <summary>A call as its handler has it, whatever its kind.</summary>
/// <param name="receive">Takes the next request; null after the last.</param>
/// <param name="send">Sends a response when the library takes it.</param>
sealed class IncomingCall(
    ServiceMethod method,
    ServerCallContext context,
    Func<Task<Message?>> receive,
    Func<Message, Task> send)
{
    static readonly ManageService Plain = new();

    // The context is no more when the call has ended.
    readonly CancellationToken ended = context.CancellationToken;
    readonly CancellationToken aborted = context.GetHttpContext().RequestAborted;
    string compression = "";

    public ServiceMethod Method => method;

    public Served Record { get; } = new(context.Method);

    public bool HasEnded => ended.IsCancellationRequested || aborted.IsCancellationRequested;

    /// <summary>What the metadata says; empty: nothing.</summary>
    public string ScriptName => context.RequestHeaders.GetValue("stitch-script") ?? "";

    /// <summary>Notes what is known at the beginning.</summary>
    public void Begin()
    {
        if (context.Deadline != DateTime.MaxValue)
            Record.TimeRemainingMs = (context.Deadline - DateTime.UtcNow).TotalMilliseconds;
        Record.CallId = context.RequestHeaders.GetValue("stitch-call-id");
        Record.Metadata = context.RequestHeaders.ToEntries();
        Record.ClientName = context.AuthContext.FindPropertiesByName("x509_common_name").FirstOrDefault()?.Value;
    }

    /// <summary>Notes how it was answered, or that it ended under the handler.</summary>
    public void End(Exception? error)
    {
        // A stream may be lost a moment before its token says so.
        var isLost = error is OperationCanceledException or (IOException and not InvalidProtocolBufferException);
        Record.Cancelled = isLost || HasEnded;
        if (error is InvalidProtocolBufferException)
            Record.Unusable ??= error.Message;
        if (Record.Cancelled)
            return;
        var status = error switch
        {
            null => context.Status,
            RpcException { Status: var thrown } => thrown,
            _ => new Status(StatusCode.Unknown, "Exception was thrown by handler."), // the library's words
        };
        Record.Status = status.ToEntry();
    }

    /// <summary>Has the plain service answer.</summary>
    public async Task PickOneAsync()
    {
        if (await ReceiveAsync() is GeneratedMessage { Content: NameRequest request })
            await SendAsync(new GeneratedMessage(await Plain.PickOne(request, context)));
    }

    /// <summary>Does the steps in order.</summary>
    public async Task PlayAsync(Script script)
    {
        Record.Script = script.Name;
        compression = script.Compression;
        foreach (var step in script.Steps ?? [])
            await DoAsync(step);
    }

    Task DoAsync(ServerStep step) => step switch
    {
        { Headers: { } headers } => SendHeadersAsync(headers.Entries),
        { Receive: { } count } => ReceiveAsync(count),
        { Send: { } bytes } => SendAsync(bytes, Math.Max(step.Times, 1)),
        { WaitMs: { } ms } => Task.Delay(TimeSpan.FromMilliseconds(ms), ended),
        _ => EndAsync(step.End!),
    };

    async Task SendHeadersAsync(Metadatum[]? entries)
    {
        var headers = new Metadata();
        headers.AddAll(entries);
        if (compression is not "")
            headers.Add(Compression.Key, compression);
        compression = "";
        await context.WriteResponseHeadersAsync(headers);
    }

    async Task<Message?> ReceiveAsync()
    {
        var request = await receive();
        if (request is not null)
            Record.Requests.Note(request);
        return request;
    }

    async Task ReceiveAsync(int count)
    {
        while (count-- != 0 && await ReceiveAsync() is not null)
        {
        }
    }

    async Task SendAsync(Message response)
    {
        if (compression is not "")
            await SendHeadersAsync([]); // which is how the library is told
        await send(response);
        Record.Responses.Note(response);
    }

    async Task SendAsync(byte[] bytes, int times)
    {
        var response = Parse(bytes);
        while (times-- > 0)
            await SendAsync(response);
    }

    Task EndAsync(End end)
    {
        context.ResponseTrailers.AddAll(end.Trailers);
        if (end.Status is not { } status)
            return Task.CompletedTask;
        if (status.Details is { Length: > 0 } details)
            context.ResponseTrailers.Add("grpc-status-details-bin", details);
        context.Status = new Status((StatusCode)status.Code, status.Message);
        return status.Code == 0 ? Task.CompletedTask : throw new RpcException(context.Status);
    }

    /// <summary>The response of a script.</summary>
    /// <exception cref="RpcException">The runtime refuses it.</exception>
    Message Parse(byte[] bytes)
    {
        try
        {
            return method.Response.Parse(bytes);
        }
        catch (InvalidProtocolBufferException error)
        {
            Record.Unusable = error.Message;
            throw new RpcException(new Status(StatusCode.Internal, error.Message));
        }
    }
}
