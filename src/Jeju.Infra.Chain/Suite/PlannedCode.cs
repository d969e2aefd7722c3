using Jeju.Infra.Core;

namespace Jeju.Infra.Chain.Suite;

/// <summary>A contract that holds no money and stands without a proxy: its address follows from its code and from what its constructor is given.</summary>
/// <param name="Name">The contract.</param>
/// <param name="CreationCode">The code that creates it, with the constructor's arguments.</param>
/// <param name="Address">Where it is, deployed or not.</param>
public sealed record PlannedCode(string Name, byte[] CreationCode, Address Address)
{
    /// <summary>A contract of other systems on the same chain that its constructor demands to be there, and the setting that names it.</summary>
    public (string Setting, Address Account)? Demands { get; init; }
}
