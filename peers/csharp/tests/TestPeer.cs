using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Stitch.CSharp.Tests;

/// <summary>A peer that a test plays harness with.</summary>
sealed class TestPeer : IAsyncDisposable
{
    /// <summary>How long something may take on a busy machine.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    readonly StreamWriter input;
    readonly StreamReader output;
    readonly Task running;
    readonly CancellationTokenSource stopping = new();
    readonly List<JsonNode> unread = [];
    int lines;

    public TestPeer()
    {
        var (into, outOf) = (new Pipe(), new Pipe(new PipeOptions(pauseWriterThreshold: 0)));
        input = new StreamWriter(into.Writer.AsStream()) { AutoFlush = true };
        output = new StreamReader(outOf.Reader.AsStream());
        running = new Peer(outOf.Writer.AsStream()).RunAsync(new StreamReader(into.Reader.AsStream()), stopping.Token);
    }

    /// <summary>A service with a method of each kind, whose messages have no class: Unary, Up, Down and Both.</summary>
    public static string Notes { get; } = Convert.ToBase64String(new FileDescriptorSet { File = { NotesFile() } }.ToByteArray());

    public void Say(string line) => input.WriteLine(line);

    /// <summary>Says an instruction, and returns its answer.</summary>
    public async Task<JsonNode> TellAsync(string members)
    {
        var id = $"line-{++lines}";
        Say($$"""{"id":"{{id}}",{{members}}}""");
        return await HearAsync("answer", id);
    }

    /// <summary>Opens a listener, and returns the channel to it as lines have it.</summary>
    public async Task<string> ListenAsync(string members = "")
    {
        var answer = await TellAsync($$"""
            "listen":{"host":"127.0.0.1"{{members}}}
            """);
        Assert.Null(answer["refused"]);
        return $"""
            "address":"127.0.0.1:{answer["port"]}"
            """;
    }

    /// <summary>Opens a listener for the notes and has their methods played.</summary>
    public async Task<string> ServeNotesAsync(params (string Method, string Steps)[] scripts)
    {
        await TellAsync($$"""
            "types":{"files":"{{Notes}}"}
            """);
        foreach (var (method, steps) in scripts)
        {
            var answer = await TellAsync($$"""
                "script":{"name":"/note.Notes/{{method}}","steps":[{{steps}}]}
                """);
            Assert.Null(answer["refused"]);
        }
        return await ListenAsync();
    }

    /// <summary>Has a call begun by now that was begun a moment ago: the first one of a channel takes long.</summary>
    public async Task WarmUpAsync(string channel)
    {
        Call("warm", channel, Methods.PickOne, """{"send":""}""");
        await EndedAsync("warm");
    }

    public void Call(string id, string channel, string path, string steps, string more = "") =>
        Say($$$"""{"id":"{{{id}}}","call":{"channel":{{{{channel}}}},"method":"{{{path}}}","steps":[{{{steps}}}]{{{more}}}}}""");

    public Task<JsonNode> EndedAsync(string id = "call") => HearAsync("ended", id);

    public Task<JsonNode> ServedAsync(string id = "call") => HearAsync("served", id);

    public void End() => input.Close();

    public void Stop() => stopping.Cancel();

    /// <summary>Returns when the peer has stopped.</summary>
    public Task StoppedAsync() => running.WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        End();
        await StoppedAsync();
        stopping.Dispose();
    }

    /// <summary>The first line of that kind and id that was not heard yet.</summary>
    public async Task<JsonNode> HearAsync(string kind, string? id = null)
    {
        for (var i = 0; ; i++)
        {
            if (i == unread.Count)
                unread.Add(JsonNode.Parse((await output.ReadLineAsync().WaitAsync(Patience))!)!);
            if (unread[i][kind] is { } found && (id ?? IdOf(found)) == IdOf(found))
            {
                unread.RemoveAt(i);
                return found;
            }
        }
    }

    static string? IdOf(JsonNode line) => (string?)(line["id"] ?? line["callId"]);

    static FileDescriptorProto NotesFile()
    {
        static MethodDescriptorProto Method(string name, bool client, bool server) => new()
        {
            Name = name,
            InputType = ".note.Note",
            OutputType = ".note.Note",
            ClientStreaming = client,
            ServerStreaming = server,
        };
        return new FileDescriptorProto
        {
            Name = "note.proto",
            Package = "note",
            MessageType = { new DescriptorProto { Name = "Note" } },
            Service =
            {
                new ServiceDescriptorProto
                {
                    Name = "Notes",
                    Method =
                    {
                        Method("Unary", false, false),
                        Method("Up", true, false),
                        Method("Down", false, true),
                        Method("Both", true, true),
                    },
                },
            },
        };
    }

    /// <summary>A message whose first field is this text, as lines have it.</summary>
    public static string Text(string text)
    {
        byte[] bytes = [10, (byte)Encoding.UTF8.GetByteCount(text), .. Encoding.UTF8.GetBytes(text)];
        return Convert.ToBase64String(bytes);
    }
}
