using System.Globalization;

namespace Stitch.CSharp;

/// <summary>Arguments behind a command: options, each with a value, and names.</summary>
sealed class Arguments
{
    /// <summary>The values of an option, in order; what takes one takes the last.</summary>
    readonly Dictionary<string, List<string>> options = [];
    readonly List<string> names = [];
    const string DefaultAddress = "127.0.0.1:6000";

    /// <exception cref="ArgumentException">An option is none of these, or has no value.</exception>
    public Arguments(string[] args, params string[] known)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith('-'))
                names.Add(args[i]);
            else if (!known.Contains(args[i]))
                throw new ArgumentException($"unknown option {args[i]}");
            else if (i + 1 == args.Length)
                throw new ArgumentException($"{args[i]} needs a value");
            else
                ValuesOf(args[i]).Add(args[++i]);
        }
    }

    public IReadOnlyList<string> Names => names;

    public string Host => LastOf("--host", "127.0.0.1");

    public string Address => LastOf("--address", DefaultAddress);

    public IReadOnlyList<string> Addresses => ValuesOf("--address") is [] ? [DefaultAddress] : ValuesOf("--address");

    public ushort Port
    {
        get
        {
            var text = LastOf("--port", "6000");
            return ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
                ? port
                : throw new ArgumentException($"{text} is no port");
        }
    }

    List<string> ValuesOf(string option)
    {
        if (!options.TryGetValue(option, out var values))
            options[option] = values = [];
        return values;
    }

    string LastOf(string option, string otherwise) => ValuesOf(option) is [.., var last] ? last : otherwise;

    public void AllowNoNames()
    {
        if (names.Count > 0)
            throw new ArgumentException($"unknown argument {names[0]}");
    }
}
