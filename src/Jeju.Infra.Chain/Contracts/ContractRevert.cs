namespace Jeju.Infra.Chain;

/// <summary>Why a contract refused: its typed error with the arguments.</summary>
/// <param name="Name">The error's name: <c>StakeBelowMinimum</c>, <c>Error</c> for a text, <c>Panic</c> for a failed assertion, or <c>unknown</c>.</param>
/// <param name="Arguments">Names and values in their order.</param>
/// <param name="Data">The raw revert data.</param>
public sealed record ContractRevert(string Name, IReadOnlyList<(string Name, object Value)> Arguments, byte[] Data)
{
    /// <summary>The typed error of the bindings, where they know it.</summary>
    public object? Error { get; init; }

    /// <summary>The error as Solidity would write it, with the arguments' names.</summary>
    public override string ToString() =>
        $"{Name}({string.Join(", ", Arguments.Select(argument => argument.Name.Length == 0 ? Text(argument.Value) : $"{argument.Name}: {Text(argument.Value)}"))})";

    private static string Text(object value) => value switch
    {
        byte[] bytes => Hex.Data(bytes),
        string text => $"\"{text}\"",
        System.Collections.IEnumerable list => $"[{string.Join(", ", list.Cast<object>().Select(Text))}]",
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString() ?? string.Empty,
    };
}

/// <summary>A contract refused a call. Catch it to act on the typed error; otherwise the error of the layer above tells the user.</summary>
/// <param name="revert">Why.</param>
/// <param name="innerException">The node's answer, where there was one.</param>
public sealed class ContractRevertException(ContractRevert revert, Exception? innerException = null)
    : Exception(revert.ToString(), innerException)
{
    /// <summary>Why.</summary>
    public ContractRevert Revert => revert;
}
