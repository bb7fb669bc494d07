using Grpc.Core;

namespace Stitch.CSharp;

/// <summary>A call as the library's client has it, whatever its kind.</summary>
/// <param name="requests">Null where the one request was there at the start.</param>
/// <param name="next">Awaits the next response, or null after the last.</param>
sealed class ClientRpc(
    IClientStreamWriter<Message>? requests,
    Func<Task<Message?>> next,
    Func<Task<Metadata>> headers,
    Func<Status> status,
    Func<Metadata> trailers,
    Action dispose) : IDisposable
{
    /// <summary>The status, and the trailers, of a call that has ended well.</summary>
    public Status Status => status();

    public Metadata Trailers => trailers();

    /// <exception cref="RpcException">The call has ended without.</exception>
    public Task<Metadata> HeadersAsync() => headers();

    /// <exception cref="RpcException">The call has ended, and its status is not OK.</exception>
    public Task<Message?> NextAsync() => next();

    public Task SendAsync(Message request) => requests?.WriteAsync(request) ?? Task.CompletedTask;

    /// <summary>Half-closes, which the one request of a method has done.</summary>
    public Task CloseAsync() => requests?.CompleteAsync() ?? Task.CompletedTask;

    public void Dispose() => dispose();

    /// <summary>Starts a call of the method's kind.</summary>
    /// <param name="request">Of a method that takes one.</param>
    public static ClientRpc Start(
        CallInvoker invoker, Method<Message, Message> method, CallOptions options, Message? request)
    {
        switch (method.Type)
        {
            case MethodType.Unary:
                var unary = invoker.AsyncUnaryCall(method, null, options, request!);
                return new(null, Once(unary.ResponseAsync), () => unary.ResponseHeadersAsync,
                    unary.GetStatus, unary.GetTrailers, unary.Dispose);
            case MethodType.ClientStreaming:
                var upload = invoker.AsyncClientStreamingCall(method, null, options);
                return new(upload.RequestStream, Once(upload.ResponseAsync), () => upload.ResponseHeadersAsync,
                    upload.GetStatus, upload.GetTrailers, upload.Dispose);
            case MethodType.ServerStreaming:
                var download = invoker.AsyncServerStreamingCall(method, null, options, request!);
                return new(null, Each(download.ResponseStream), () => download.ResponseHeadersAsync,
                    download.GetStatus, download.GetTrailers, download.Dispose);
            default:
                var chat = invoker.AsyncDuplexStreamingCall(method, null, options);
                return new(chat.RequestStream, Each(chat.ResponseStream), () => chat.ResponseHeadersAsync,
                    chat.GetStatus, chat.GetTrailers, chat.Dispose);
        }
    }

    static Func<Task<Message?>> Each(IAsyncStreamReader<Message> responses) =>
        async () => await responses.MoveNext() ? responses.Current : null;

    static Func<Task<Message?>> Once(Task<Message> response)
    {
        var isTaken = false;
        return async () =>
        {
            if (isTaken)
                return null;
            isTaken = true;
            return await response;
        };
    }
}
