namespace Jeju.Infra.EndToEnd.Harness;

/// <summary>As <see cref="DockerFactAttribute"/>, for a test with data.</summary>
internal sealed class DockerTheoryAttribute : TheoryAttribute
{
    public DockerTheoryAttribute() => Skip = DockerFactAttribute.WhyNot;
}
