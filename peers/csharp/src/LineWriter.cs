using System.Text.Json;

namespace Stitch.CSharp;

/// <summary>Writes lines, whole, from any thread.</summary>
sealed class LineWriter(Stream output)
{
    readonly Lock writing = new();

    public void Write(LineOut line)
    {
        byte[] text = [.. JsonSerializer.SerializeToUtf8Bytes(line, LineJson.Default.LineOut), (byte)'\n'];
        lock (writing)
        {
            try
            {
                output.Write(text);
                output.Flush();
            }
            catch (IOException error) // nobody reads any more, and calls in flight still end
            {
                Console.Error.WriteLine($"cannot write a line: {error.Message}");
            }
        }
    }
}
