using Jeju.Infra.AirGap.SdkGen;
using Jeju.Infra.AirGap.SdkGen.Declarations;

namespace Jeju.Infra.Tests.AirGap;

/// <summary>The generator reads what Pulumi's declaration files consist of, and refuses the rest.</summary>
public sealed class DeclarationParserTests
{
    [Fact]
    public void Properties_of_a_class_are_read_and_methods_are_not()
    {
        var declaration = Parse("""
            import * as pulumi from "@pulumi/pulumi";
            export declare class Vpc extends pulumi.CustomResource {
                /** Get one. */
                static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: { [key: string]: any }): Vpc;
                readonly arn: pulumi.Output<string>;
                /** @deprecated Use arn. */
                readonly tags: pulumi.Output<{
                    [key: string]: string;
                } | undefined>;
                constructor(name: string, args?: VpcArgs);
            }
            """).Objects["Vpc"];

        Assert.Equal(["arn", "tags"], declaration.Members.Select(member => member.Name));
        Assert.Equal("Use arn.", declaration.Members[1].Deprecation);
        Assert.Null(declaration.Members[0].Deprecation);
    }

    [Fact]
    public void Names_inside_of_namespaces_are_qualified()
    {
        var file = Parse("""
            export declare namespace core {
                namespace v1 {
                    interface Port { number?: pulumi.Input<number | undefined>; }
                }
                interface Other { name: string }
            }
            """);

        Assert.True(Assert.Single(file.Objects["core.v1.Port"].Members).IsOptional);
        Assert.True(file.Objects["core.Other"].HasRequiredMember);
    }

    [Fact]
    public void A_list_of_a_choice_keeps_its_parentheses()
    {
        var type = Assert.Single(Parse("interface A { files: (pulumi.asset.Asset | pulumi.asset.Archive)[]; }").Objects["A"].Members).Type;

        Assert.Equal(2, Assert.IsType<UnionType>(Assert.IsType<ArrayType>(type).Element).Alternatives.Length);
    }

    [Fact]
    public void Values_of_an_enumeration_are_read()
    {
        var values = Parse("""export declare const Protocol: { readonly TCP: "tcp"; readonly UDP: "udp"; }; export type Protocol = (typeof Protocol)[keyof typeof Protocol];""").Enums["Protocol"].Values;

        Assert.Equal([("TCP", "tcp"), ("UDP", "udp")], values.Select(value => (value.Name, value.Value)));
    }

    [Fact]
    public void What_a_script_adds_to_the_declarations_is_found()
    {
        var facts = ResourceFacts.Read("""
            static __pulumiType = 'gcp:sql/user:User';
                    resourceInputs["kind"] = "User";
                    resourceInputs["description"] = (args?.description) ?? "Managed by Pulumi";
                    resourceInputs["region"] = (args?.region) ?? utilities.getEnv("AWS_REGION", "AWS_DEFAULT_REGION");
                    resourceInputs["insecure"] = pulumi.output(args?.insecure).apply(JSON.stringify);
                    resourceInputs["password"] = args?.password ? pulumi.secret(args.password) : undefined;
                const aliasOpts = { aliases: [{ type: "gcp:old/user:User" }] };
                const secretOpts = { additionalSecretOutputs: ["password", "token"] };
            """);

        Assert.Equal("gcp:sql/user:User", facts.Token);
        Assert.Equal("User", facts.Constants["kind"]);
        Assert.Equal("\"Managed by Pulumi\"", facts.Defaults["description"]);
        Assert.Equal("Utilities.GetEnv(\"AWS_REGION\", \"AWS_DEFAULT_REGION\")", facts.Defaults["region"]);
        Assert.Equal(["insecure"], facts.Json);
        Assert.Equal(["password"], facts.Secrets);
        Assert.Equal(["gcp:old/user:User"], facts.AliasTypes.ToArray());
        Assert.Equal(["password", "token"], facts.AdditionalSecretOutputs.ToArray());
    }

    [Fact]
    public void What_is_no_declaration_is_refused() => Assert.Throws<InvalidDataException>(() => Parse("interface A { b: % }"));

    private static DeclarationFile Parse(string source) => DeclarationParser.Parse(source);
}
