using Pulumi;

namespace Jeju.Infra.Stacks;

/// <summary>Turns a setting that may be absent into an argument that may be absent.</summary>
internal static class OptionalInput
{
    public static Input<string>? From(string? text)
    {
        if (text is null)
        {
            return null;
        }

        return text;
    }
}
