namespace Jeju.Infra.AirGap.SdkGen.CSharp;

/// <summary>What a nested type is used for: the same declaration becomes classes of different names and members.</summary>
internal enum Shape
{
    /// <summary>Arguments of a resource: NameArgs of inputs.</summary>
    ResourceInput,

    /// <summary>Arguments of a function that may come later: NameInputArgs of inputs.</summary>
    FunctionInput,

    /// <summary>Arguments of a function that are given now: NameArgs of plain values.</summary>
    FunctionPlain,

    /// <summary>Outputs of a resource: Name.</summary>
    ResourceOutput,

    /// <summary>The answer of a function: NameResult.</summary>
    FunctionOutput,
}
