using Google.Protobuf.Reflection;
using Grpc.Core;

namespace Stitch.CSharp;

/// <summary>A method of a service, found at run time.</summary>
sealed record ServiceMethod(MethodType Type, string Path, MessageType Request, MessageType Response)
{
    /// <summary>The method as the library has it.</summary>
    public Method<Message, Message> Definition { get; } = Define(Type, Path, Request, Response);

    public bool StreamsRequests => Type is MethodType.ClientStreaming or MethodType.DuplexStreaming;

    public bool StreamsResponses => Type is MethodType.ServerStreaming or MethodType.DuplexStreaming;

    public static ServiceMethod Of(string service, MethodDescriptorProto method) => new(
        (method.ClientStreaming, method.ServerStreaming) switch
        {
            (false, false) => MethodType.Unary,
            (true, false) => MethodType.ClientStreaming,
            (false, true) => MethodType.ServerStreaming,
            (true, true) => MethodType.DuplexStreaming,
        },
        $"/{service}/{method.Name}",
        new MessageType(method.InputType.TrimStart('.')),
        new MessageType(method.OutputType.TrimStart('.')));

    /// <summary>One of the same kind and types that is called by another path.</summary>
    public ServiceMethod At(string path) => new(Type, path, Request, Response);

    static Method<Message, Message> Define(MethodType type, string path, MessageType request, MessageType response)
    {
        var slash = path.LastIndexOf('/');
        return new(type, path[..slash].TrimStart('/'), path[(slash + 1)..], request.Marshaller, response.Marshaller);
    }
}
