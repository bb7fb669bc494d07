using Grpc.AspNetCore.Server.Model;
using Grpc.Core;

namespace Stitch.CSharp;

/// <summary>Has the library serve methods that are not known before run time, each as the kind that it is.</summary>
sealed class MethodProvider(Methods methods) : IServiceMethodProvider<Driver>
{
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<Driver> context)
    {
        foreach (var method in methods.All)
            Add(context, method);
    }

    static void Add(ServiceMethodProviderContext<Driver> to, ServiceMethod method)
    {
        switch (method.Type)
        {
            case MethodType.Unary:
                to.AddUnaryMethod(method.Definition, [], (driver, request, context) =>
                    WithOneResponse(send => driver.HandleAsync(new(method, context, Once(request), send))));
                break;
            case MethodType.ClientStreaming:
                to.AddClientStreamingMethod(method.Definition, [], (driver, requests, context) =>
                    WithOneResponse(send => driver.HandleAsync(new(method, context, Each(requests, context), send))));
                break;
            case MethodType.ServerStreaming:
                to.AddServerStreamingMethod(method.Definition, [], (driver, request, responses, context) =>
                    driver.HandleAsync(new(method, context, Once(request), To(responses, context))));
                break;
            default:
                to.AddDuplexStreamingMethod(method.Definition, [], (driver, requests, responses, context) =>
                    driver.HandleAsync(new(method, context, Each(requests, context), To(responses, context))));
                break;
        }
    }

    /// <summary>Keeps the response for the handler to return.</summary>
    static async Task<Message> WithOneResponse(Func<Func<Message, Task>, Task> handle)
    {
        Message? kept = null;
        await handle(response =>
        {
            kept = response;
            return Task.CompletedTask;
        });
        return kept!; // the library says what it is when there is none
    }

    /// <summary>Takes the request that was there when the handler began.</summary>
    static Func<Task<Message?>> Once(Message request)
    {
        Message? next = request;
        return () => Task.FromResult<Message?>(Interlocked.Exchange(ref next, null));
    }

    static Func<Task<Message?>> Each(IAsyncStreamReader<Message> requests, ServerCallContext context)
    {
        var token = context.CancellationToken;
        return async () => await requests.MoveNext(token) ? requests.Current : null;
    }

    static Func<Message, Task> To(IServerStreamWriter<Message> responses, ServerCallContext context)
    {
        var token = context.CancellationToken;
        return response => responses.WriteAsync(response, token);
    }
}
