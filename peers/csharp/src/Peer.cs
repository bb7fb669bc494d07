using System.Reflection;
using System.Text.Json;
using Grpc.Net.Client;

namespace Stitch.CSharp;

/// <summary>The program as the harness sees it: lines in, lines out, and both roles in one loop.</summary>
sealed class Peer
{
    /// <summary>How long a stop waits for what is under way.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    readonly LineWriter writer;
    readonly Client client;
    readonly Driver driver;
    readonly Listeners listeners;
    readonly Work work = new();
    Methods methods = Methods.Plain;

    public Peer(Stream output)
    {
        writer = new LineWriter(output);
        client = new Client(ended => writer.Write(new LineOut(Ended: ended)));
        driver = new Driver(served => writer.Write(new LineOut(Served: served)));
        listeners = new Listeners(driver);
    }

    /// <summary>Does what lines tell until they end, or until it is to stop.</summary>
    public async Task RunAsync(TextReader input, CancellationToken stop)
    {
        writer.Write(new LineOut(Ready: Ready()));
        // Reading blocks, and cannot be called off: its thread stays behind.
        var reading = Task.Factory.StartNew(
            () => Read(input, stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAny(reading, Task.Delay(Timeout.Infinite, stop));
        await Task.WhenAny(Task.WhenAll(listeners.StopAsync(), work.DoneAsync()), Task.Delay(Grace, CancellationToken.None));
    }

    static Ready Ready() => new(
        Language: "C#",
        LanguageVersion: Environment.Version.ToString(),
        Library: "grpc-dotnet",
        LibraryVersion: typeof(GrpcChannel).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0],
        Messages: "bytes");

    void Read(TextReader input, CancellationToken stop)
    {
        while (input.ReadLine() is { } line && !stop.IsCancellationRequested)
            Take(line);
    }

    /// <summary>Begins what a line tells, and waits for nothing that may be slow.</summary>
    void Take(string text)
    {
        try
        {
            var line = JsonSerializer.Deserialize(text, LineJson.Default.LineIn);
            if (line?.Id is null or "")
                Refuse("", "no JSON object with an id");
            else
                work.Begin(CarryOutAsync(line.Id, line));
        }
        catch (JsonException error)
        {
            Refuse(IdOf(text), error.Message);
        }
    }

    /// <summary>The id of a line that has something else than it should.</summary>
    static string IdOf(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, LineJson.Default.LineId)?.Id ?? "";
        }
        catch (JsonException)
        {
            return "";
        }
    }

    async Task CarryOutAsync(string id, LineIn line)
    {
        try
        {
            var port = 0;
            switch (line)
            {
                case { Types: { } types }:
                    methods = Methods.Parse(types.Files ?? []);
                    break;
                case { Script: { } script }:
                    driver.Keep(script);
                    break;
                case { Listen: { } listen }:
                    port = await listeners.ListenAsync(listen, methods);
                    break;
                case { Close: { } close }:
                    await listeners.CloseAsync(close.Port);
                    break;
                case { Drain: { } drain }:
                    await listeners.DrainAsync(drain.Port);
                    break;
                case { Flush: not null }:
                    await driver.FlushAsync();
                    break;
                case { Call: { } call }:
                    await client.MakeAsync(id, call, methods);
                    return;
                default:
                    throw new ArgumentException("unknown instruction");
            }
            writer.Write(new LineOut(Answer: new Answer(id, Port: port)));
        }
        catch (Exception error)
        {
            Refuse(id, error.Message);
        }
    }

    void Refuse(string id, string why) => writer.Write(new LineOut(Answer: new Answer(id, Refused: why)));
}
