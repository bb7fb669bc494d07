using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;

namespace Stitch.CSharp;

/// <summary>A call that a client makes, step by step.</summary>
sealed class OutgoingCall(string id, Call told, CallInvoker invoker, ServiceMethod method) : IDisposable
{
    readonly CancellationTokenSource cancellation = new();
    readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Stopwatch clock = new();
    readonly Ended record = new(id);
    DateTime deadline = DateTime.MaxValue;
    ClientRpc? rpc; // null until the call has begun
    Task<Message?> next = Task.FromResult<Message?>(null); // a response that is not taken yet

    /// <summary>Does the steps in order, and what they do not say at the end.</summary>
    public async Task<Ended> PerformAsync(IReadOnlyList<ClientStep> steps)
    {
        try
        {
            if (method.StreamsRequests)
                Begin(null);
            foreach (var step in steps)
                await DoAsync(step);
        }
        catch (InvalidProtocolBufferException error)
        {
            await cancellation.CancelAsync();
            return new Ended(id, Unusable: error.Message);
        }
        if (!cancellation.IsCancellationRequested)
            await CloseAsync();
        await EndAsync();
        return record;
    }

    public void Dispose()
    {
        rpc?.Dispose();
        cancellation.Dispose();
    }

    Task DoAsync(ClientStep step) => step switch
    {
        { Send: { } bytes } => SendAsync(method.Request.Parse(bytes), Math.Max(step.Times, 1)),
        { Close: true } => CloseAsync(),
        { Receive: { } count } => ReceiveAsync(count),
        { WaitMs: { } ms } => WaitAsync(TimeSpan.FromMilliseconds(ms)),
        _ => cancellation.CancelAsync(),
    };

    /// <summary>Begins the call, which for a method that takes one request needs that.</summary>
    void Begin(Message? request)
    {
        clock.Start();
        try
        {
            var metadata = new Metadata();
            metadata.AddAll(told.Metadata);
            metadata.Add("stitch-call-id", id);
            if (told.Compression is not "")
                metadata.Add(Compression.Key, told.Compression);
            if (told.TimeoutMs > 0)
                deadline = DateTime.UtcNow.AddMilliseconds(told.TimeoutMs);
            var options = new CallOptions(metadata, deadline, cancellation.Token).WithWaitForReady(told.WaitForReady);
            rpc = ClientRpc.Start(invoker, method.Definition, options, request);
            next = NextAsync(rpc);
        }
        catch (Exception error) // what the library refuses to send
        {
            NoteEnd(new Status(StatusCode.Unknown, error.Message), []);
        }
    }

    /// <summary>Awaits the next response. There is none when the call has ended, which is noted.</summary>
    async Task<Message?> NextAsync(ClientRpc rpc)
    {
        try
        {
            var response = await rpc.NextAsync();
            if (response is null || !method.StreamsResponses) // with the one response the library has the status
                NoteEnd(rpc.Status, rpc.Trailers);
            return response;
        }
        catch (RpcException error)
        {
            NoteEnd(error.Status, error.Trailers);
        }
        catch (Exception error)
        {
            NoteEnd(new Status(StatusCode.Unknown, error.Message), []);
        }
        return null;
    }

    void NoteEnd(Status status, Metadata trailers)
    {
        if (over.Task.IsCompleted)
            return;
        record.ElapsedMs = clock.Elapsed.TotalMilliseconds;
        record.Status = status.ToEntry();
        record.Trailers = trailers.ToEntries();
        over.SetResult();
    }

    async Task SendAsync(Message request, int times)
    {
        if (rpc is null && !over.Task.IsCompleted)
        {
            Begin(request);
            record.Sent = rpc is null ? 0 : 1;
            return;
        }
        try
        {
            for (; times > 0; times--)
            {
                await rpc!.SendAsync(request);
                record.Sent++;
            }
        }
        catch (Exception) // is no result: what follows sees the call's end
        {
        }
    }

    Task CloseAsync() => rpc?.CloseAsync() ?? Task.CompletedTask;

    async Task ReceiveAsync(int count)
    {
        for (; count != 0 && await next is { } response; count--)
        {
            record.Responses.Note(response);
            next = NextAsync(rpc!);
        }
    }

    /// <summary>Waits so long, or until the call ends.</summary>
    async Task WaitAsync(TimeSpan time)
    {
        var left = deadline - DateTime.UtcNow; // a response that is not taken keeps the end from being seen
        if (left < time)
            time = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        await Task.WhenAny(Task.Delay(time), over.Task);
    }

    /// <summary>Takes what is still to come, which is of no interest behind a cancellation, and notes what there is now.</summary>
    async Task EndAsync()
    {
        if (cancellation.IsCancellationRequested)
        {
            while (await next is not null)
                next = NextAsync(rpc!);
        }
        else
        {
            await ReceiveAsync(-1);
        }
        if (rpc is null)
        {
            record.Status ??= new Status(StatusCode.Cancelled, "cancelled before it began").ToEntry();
            return;
        }
        try
        {
            record.Headers = (await rpc.HeadersAsync()).ToEntries();
        }
        catch (RpcException) // there are none
        {
        }
    }
}
