namespace Pulumi.Automation;

public class LocalWorkspaceOptions
{
    public string? WorkDir { get; set; }

    public PulumiFn? Program { get; set; }

    public ProjectSettings? ProjectSettings { get; set; }

    public IDictionary<string, string?>? EnvironmentVariables { get; set; }
}

public class LocalProgramArgs : LocalWorkspaceOptions
{
    public LocalProgramArgs(string stackName, string workDir)
    {
        StackName = stackName;
        WorkDir = workDir;
    }

    public string StackName { get; }
}

public class InlineProgramArgs : LocalWorkspaceOptions
{
    public InlineProgramArgs(string projectName, string stackName, PulumiFn program)
    {
        StackName = stackName;
        Program = program;
        ProjectSettings = new ProjectSettings(projectName, ProjectRuntimeName.Dotnet);
    }

    public string StackName { get; }
}

public enum ProjectRuntimeName
{
    Dotnet = 3,
}

public class ProjectRuntime
{
    public ProjectRuntime(ProjectRuntimeName name) => Name = name;

    public ProjectRuntimeName Name { get; set; }
}

public class ProjectBackend
{
    public string? Url { get; set; }
}

public class ProjectSettings
{
    public ProjectSettings(string name, ProjectRuntimeName runtime)
    {
        Name = name;
        Runtime = new ProjectRuntime(runtime);
    }

    public string Name { get; set; }

    public ProjectRuntime Runtime { get; set; }

    public ProjectBackend? Backend { get; set; }
}

public class ConfigValue
{
    public ConfigValue(string value, bool isSecret = false)
    {
        Value = value;
        IsSecret = isSecret;
    }

    public string Value { get; set; }

    public bool IsSecret { get; set; }
}
