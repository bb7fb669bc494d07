using Google.Protobuf;

namespace Stitch.CSharp.Tests;

public class MessageTypeTests
{
    [Fact]
    public void GeneratedMessagesAreSerializedAgain()
    {
        // skill before name, and a field that the type does not have
        var parsed = new MessageType("Expirement").Parse([26, 1, (byte)'s', 10, 1, (byte)'n', 32, 5]);
        Assert.Equal([10, 1, (byte)'n', 26, 1, (byte)'s', 32, 5], parsed.ToBytes());
    }

    [Fact]
    public void OthersPassAsTheyAre()
    {
        byte[] bytes = [26, 1, (byte)'s', 10, 1, (byte)'n'];
        Assert.Equal(bytes, new MessageType("note.Note").Parse(bytes).ToBytes());
    }

    [Fact]
    public void WhatIsNoMessageIsRefused() =>
        Assert.Throws<InvalidProtocolBufferException>(() => new MessageType("stitch.streams.Item").Parse([10, 255]));
}
