using System.Net;
using System.Net.Sockets;
using Grpc.Core;

namespace Stitch.CSharp.Tests;

public class PersonTests
{
    static ushort FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return (ushort)((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [Fact]
    public async Task ServerIsHealthyAndRowsArePrinted()
    {
        using var stop = new CancellationTokenSource();
        var port = FreePort();
        var address = $"127.0.0.1:{port}";
        await Assert.ThrowsAsync<RpcException>(() => PersonClient.CheckHealthAsync(address));
        var running = PersonServer.RunAsync("127.0.0.1", port, stop.Token);
        await HealthyAsync(address);
        using var output = new StringWriter();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => PersonClient.LookUpAsync([address], ["Stitch", "Nobody"], output));
        Assert.Equal("NOT_FOUND: expirement not found", error.Message);
        Assert.Equal("Expirement:\n---Name:Stitch \n---ID:7 \n---Skill:making annoyed noise\n", output.ToString());
        await stop.CancelAsync();
        await running;
    }

    static async Task HealthyAsync(string address)
    {
        while (true)
        {
            try
            {
                await PersonClient.CheckHealthAsync(address);
                return;
            }
            catch (RpcException) // it has not begun to listen
            {
                await Task.Delay(50);
            }
        }
    }

    [Theory]
    [InlineData("--port", "65536")]
    [InlineData("--port", "-1")]
    [InlineData("--port")]
    [InlineData("--nonsense", "1")]
    [InlineData("Stitch")]
    public void BadArgumentsAreErrors(params string[] args) => Assert.Throws<ArgumentException>(() =>
    {
        var arguments = new Arguments(args, "--host", "--port");
        arguments.AllowNoNames();
        return arguments.Port;
    });
}
