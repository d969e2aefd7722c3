using Jeju.Infra.Components.Aws;

namespace Jeju.Infra.Stacks.Settings;

/// <summary>Ways to sign in to the managed Grafana.</summary>
public enum GrafanaSignInKind
{
    /// <summary>By an identity provider that speaks SAML.</summary>
    Saml,

    /// <summary>Through IAM Identity Center.</summary>
    IdentityCenter,
}

/// <summary>Who signs in to the managed Grafana.</summary>
public sealed record GrafanaSettings
{
    /// <summary>How people sign in.</summary>
    [Setting("How people sign in. 'saml' works in every account; 'identityCenter' needs IAM Identity Center in the account or its organization, without which no workspace can be made.")]
    public GrafanaSignInKind SignIn { get; init; } = GrafanaSignInKind.Saml;

    /// <summary>Where the identity provider describes itself.</summary>
    [Setting("Where the identity provider of SAML describes itself (its metadata). Where absent, that is told to the workspace by hand, and nobody can sign in before.",
        Pattern = "https://.+", PatternMeaning = "an https address")]
    public string? MetadataUrl { get; init; }

    /// <summary>The attribute that names a role.</summary>
    [Setting("The attribute of SAML's assertions that names a person's role.")]
    public string RoleAttribute { get; init; } = "role";

    /// <summary>Administrators.</summary>
    [Setting("The values of that attribute that make an administrator.")]
    public IReadOnlyList<string> Administrators { get; init; } = [];

    /// <summary>Editors.</summary>
    [Setting("The values of that attribute that make an editor; needed with 'metadataUrl'.")]
    public IReadOnlyList<string> Editors { get; init; } = [];

    /// <summary>What is wrong between these settings.</summary>
    internal IEnumerable<SettingRefusal> Check()
    {
        if (SignIn == GrafanaSignInKind.IdentityCenter && MetadataUrl is not null)
        {
            yield return new SettingRefusal(["grafana", "metadataUrl"], "it is SAML's, and people sign in through IAM Identity Center", "leave it out, or write 'signIn: saml'");
        }

        if (MetadataUrl is not null && Editors.Count == 0)
        {
            yield return new SettingRefusal(["grafana", "editors"], "the list is empty", "write the values of the role's attribute that make an editor: the service asks for one");
        }
    }

    /// <summary>What the workspace is told.</summary>
    internal GrafanaSignIn SignInOf() => new(
        SignIn == GrafanaSignInKind.IdentityCenter,
        MetadataUrl is { } url ? new SamlProvider(url, RoleAttribute, Administrators, Editors) : null);
}
