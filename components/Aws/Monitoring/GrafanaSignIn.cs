namespace Jeju.Infra.Components.Aws;

/// <summary>How people sign in to a managed Grafana.</summary>
/// <param name="ByIdentityCenter">Through IAM Identity Center, which the account or its organization must have; else by SAML.</param>
/// <param name="Provider">The identity provider of SAML; told to the workspace by hand where absent.</param>
public sealed record GrafanaSignIn(bool ByIdentityCenter, SamlProvider? Provider);

/// <summary>An identity provider that speaks SAML.</summary>
/// <param name="MetadataUrl">Where it describes itself.</param>
/// <param name="RoleAttribute">The attribute of its assertions that names a person's role.</param>
/// <param name="Administrators">The values of that attribute that make an administrator.</param>
/// <param name="Editors">The values of that attribute that make an editor; at least one.</param>
public sealed record SamlProvider(string MetadataUrl, string RoleAttribute, IReadOnlyList<string> Administrators, IReadOnlyList<string> Editors);
