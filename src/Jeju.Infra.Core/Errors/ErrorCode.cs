using System.Globalization;

namespace Jeju.Infra.Core;

/// <summary>
/// The stable code of a user-facing error, written <c>JEJU0301</c>. Codes are grouped by area: 00 packages, build and usage; 01 engine;
/// 02 plugin and resources; 03 chain; 04 contracts and deployment; 05 marketplace and orders; 06 agent, backends and images;
/// 07 settings and stacks; 08 command line, doctor and localnet. A code keeps its meaning for ever.
/// </summary>
/// <param name="Number">The number, 1 to 9999.</param>
public readonly record struct ErrorCode(int Number)
{
    /// <summary>The code as users see it and search for it, for example <c>JEJU0301</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"JEJU{Number:D4}");
}
