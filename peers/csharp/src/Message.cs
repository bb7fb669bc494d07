using Google.Protobuf;
using Grpc.Core;

namespace Stitch.CSharp;

/// <summary>A message as the library is given it.</summary>
abstract class Message
{
    public abstract byte[] ToBytes();

    public abstract void Serialize(SerializationContext context);
}

/// <summary>Of a class that is compiled in.</summary>
sealed class GeneratedMessage(IMessage content) : Message
{
    public IMessage Content => content;

    public override byte[] ToBytes()
    {
        var bytes = new byte[content.CalculateSize()];
        using var output = new CodedOutputStream(bytes) { Deterministic = true };
        content.WriteTo(output);
        return bytes;
    }

    /// <summary>Does what generated services do.</summary>
    public override void Serialize(SerializationContext context)
    {
        context.SetPayloadLength(content.CalculateSize());
        content.WriteTo(context.GetBufferWriter());
        context.Complete();
    }
}

/// <summary>Of a type that has no class: bytes, passed on as they are.</summary>
sealed class OpaqueMessage(byte[] bytes) : Message
{
    public override byte[] ToBytes() => bytes;

    public override void Serialize(SerializationContext context) => context.Complete(bytes);
}
