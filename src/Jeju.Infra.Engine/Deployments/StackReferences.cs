using System.Text.Json;
using Jeju.Infra.Engine.Secrets;
using Jeju.Infra.Engine.State;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine.Deployments;

/// <summary>Reads the outputs of other stacks that this engine keeps.</summary>
internal sealed class StackReferences(StackEngineOptions options)
{
    public const string Type = "pulumi:pulumi:StackReference";

    /// <summary>Reads one stack.</summary>
    /// <param name="name"><c>organization/project/stack</c>, or only the stack's name for one of the same project.</param>
    public async Task<PropertyMap> ReadAsync(string name)
    {
        var parts = name.Split('/');
        var (project, stack) = parts.Length == 3 ? (parts[1], parts[2]) : parts.Length == 1 ? (options.Project.Name, parts[0]) : ("", "");
        var store = new StateStore(options.StateDirectory, project, stack, options.Time);
        var stored = project.Length > 0 ? await store.ReadAsync(CancellationToken.None).ConfigureAwait(false) : null;
        if (stored is null)
        {
            throw EngineErrors.ReferenceMissing(name, store.FilePath);
        }

        var snapshot = await store.LoadAsync(stored, new SecretsSession(stack, options.Passphrase)).ConfigureAwait(false);
        var outputs = snapshot.Root?.Outputs ?? PropertyMap.Empty;
        return PropertyMap.Of(
            ("name", name),
            ("outputs", outputs),
            ("secretOutputNames", PropertyList.From(outputs.Where(output => output.Value.ContainsSecrets).Select(output => (PropertyValue)output.Key))));
    }
}
