using System.Runtime.InteropServices;
using Grpc.Core;
using Stitch.CSharp;

const string usage = """
    usage:
      stitch-csharp server [--host HOST] [--port PORT]
      stitch-csharp client [--address HOST:PORT]… [NAME…]
      stitch-csharp health [--address HOST:PORT]
      stitch-csharp peer
    """;

try
{
    await RunAsync(args);
    return 0;
}
catch (ArgumentException error)
{
    await Console.Error.WriteLineAsync($"{error.Message}\n{usage}");
    return 2;
}
catch (Exception error)
{
    await Console.Error.WriteLineAsync(error is RpcException { Status: var status } ? status.ToText() : error.Message);
    return 1;
}

static Task RunAsync(string[] args)
{
    switch (args)
    {
        case ["server", .. var rest]:
            var server = new Arguments(rest, "--host", "--port");
            server.AllowNoNames();
            return PersonServer.RunAsync(server.Host, server.Port);
        case ["client", .. var rest]:
            var client = new Arguments(rest, "--address");
            return PersonClient.LookUpAsync(client.Addresses, client.Names is [] ? ["Stitch"] : client.Names, Console.Out);
        case ["health", .. var rest]:
            var health = new Arguments(rest, "--address");
            health.AllowNoNames();
            return PersonClient.CheckHealthAsync(health.Address);
        case ["peer"]:
            return PeerAsync();
        default:
            throw new ArgumentException($"unknown arguments: {string.Join(' ', args)}");
    }
}

static async Task PeerAsync()
{
    using var stopping = new CancellationTokenSource();
    void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stopping.Cancel();
    }
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    using var input = new StreamReader(Console.OpenStandardInput(), bufferSize: 1 << 16);
    await new Peer(Console.OpenStandardOutput()).RunAsync(input, stopping.Token);
}
