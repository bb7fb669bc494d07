using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace Stitch.CSharp;

/// <summary>A type of messages: a class, where one is compiled in.</summary>
sealed class MessageType
{
    static readonly Dictionary<string, MessageParser> Parsers = new FileDescriptor[]
    {
        ExpirementReflection.Descriptor,
        Streams.StreamsReflection.Descriptor,
        Values.ValuesReflection.Descriptor,
        Values.OlderReflection.Descriptor,
        Grpc.Testing.EmptyReflection.Descriptor,
        Grpc.Testing.MessagesReflection.Descriptor,
    }.SelectMany(file => file.MessageTypes).ToDictionary(type => type.FullName, type => type.Parser);

    readonly MessageParser? parser;

    public MessageType(string fullName)
    {
        parser = Parsers.GetValueOrDefault(fullName);
        Marshaller = new((message, context) => message.Serialize(context), Deserialize);
    }

    public Marshaller<Message> Marshaller { get; }

    /// <exception cref="InvalidProtocolBufferException">The bytes are no message of the type.</exception>
    public Message Parse(byte[] bytes) =>
        parser is null ? new OpaqueMessage(bytes) : new GeneratedMessage(parser.ParseFrom(bytes));

    Message Deserialize(DeserializationContext context) =>
        parser is null
            ? new OpaqueMessage(context.PayloadAsNewBuffer())
            : new GeneratedMessage(parser.ParseFrom(context.PayloadAsReadOnlySequence()));
}
