using Jeju.Infra.AirGap.SdkGen.CSharp;
using Jeju.Infra.AirGap.SdkGen.Declarations;

namespace Jeju.Infra.AirGap.SdkGen;

/// <summary>Makes the sources of a package: the resources and functions that are asked for, and every type they mention.</summary>
internal sealed class Generator
{
    private const string InputFile = "types/input.d.ts";
    private const string OutputFile = "types/output.d.ts";
    private readonly NpmPackage package;
    private readonly PackageNames names;
    private readonly string version;
    private readonly TypeMapper types;
    private readonly TypeWriter typeWriter;
    private readonly Queue<(Shape Shape, string Path)> open = new();
    private readonly HashSet<(Shape Shape, string Path)> met = [];
    private readonly HashSet<string> metEnums = [];
    private readonly HashSet<string> written = [];
    private readonly Dictionary<string, DeclarationFile> parsed = [];
    private readonly SortedDictionary<string, CodeWriter> files = new(StringComparer.Ordinal);

    private Generator(NpmPackage package, PackageNames names, string version)
    {
        this.package = package;
        this.names = names;
        this.version = version;
        types = new(names, NeedNested, path => metEnums.Add(path));
        typeWriter = new(names, types);
    }

    /// <summary>Whether the generator reads a file of the package at all.</summary>
    public static bool IsRead(string path) =>
        path.EndsWith(".d.ts", StringComparison.Ordinal) || (path.EndsWith(".js", StringComparison.Ordinal) && !path.StartsWith("types/", StringComparison.Ordinal));

    /// <summary>The sources by file name.</summary>
    public static IReadOnlyDictionary<string, CodeWriter> Run(NpmPackage package, PackageNames names, string version, IEnumerable<string> tokens)
    {
        var generator = new Generator(package, names, version);
        PackageWriter.Write(generator.File("Package"), names, version);
        foreach (var token in tokens.SelectMany(generator.Expand).Distinct(StringComparer.Ordinal))
        {
            generator.WriteToken(token);
        }
        generator.WriteNested();
        generator.WriteEnums();
        return generator.files;
    }

    /// <summary>All types of an API group for a star; they are its files, in the case of the exported classes.</summary>
    private IEnumerable<string> Expand(string token)
    {
        if (!token.EndsWith(":*", StringComparison.Ordinal))
        {
            return [token];
        }
        var folder = names.Locate($"{token[..^1]}Any").File[..^3];
        return package.Paths
            .Where(path => path.StartsWith(folder, StringComparison.Ordinal) && path.EndsWith(".js", StringComparison.Ordinal) && path.LastIndexOf('/') == folder.Length - 1)
            .Select(path => ResourceFacts.Read(package.Read(path)).Token)
            .Where(type => type.Length > 0)
            .Select(type => type[(type.IndexOf(':', StringComparison.Ordinal) + 1)..])
            .Where(type => !type.EndsWith("List", StringComparison.Ordinal) && !type.EndsWith("Patch", StringComparison.Ordinal));
    }

    private void WriteToken(string token)
    {
        var (file, module, name) = names.Locate(token);
        if (!package.Has($"{file}.d.ts"))
        {
            throw new InvalidDataException($"resources.txt asks for {token}, but the package has no {file}.d.ts.");
        }
        var declarations = Parse($"{file}.d.ts");
        var script = package.Read($"{file}.js");
        var code = File(module.Length == 0 ? Dialect.Capital(name) : $"{string.Join('.', module.Select(names.Dialect.Namespace))}.{Dialect.Capital(name)}");
        var className = Dialect.Capital(name);
        if (declarations.Objects.ContainsKey(className))
        {
            written.Add($"{string.Join('.', module)}.{className}");
            new ResourceWriter(names, types, typeWriter).Write(code, module, className, declarations, ResourceFacts.Read(script));
        }
        else if (declarations.Objects.ContainsKey($"{className}Result"))
        {
            new FunctionWriter(names, typeWriter).Write(code, module, className, declarations, ResourceFacts.FunctionToken(script));
        }
        else
        {
            throw new InvalidDataException($"{file}.d.ts declares neither a resource nor a function {name}.");
        }
    }

    private void NeedNested(Shape shape, string path)
    {
        if (met.Add((shape, path)))
        {
            open.Enqueue((shape, path));
        }
    }

    private void WriteNested()
    {
        while (open.TryDequeue(out var next))
        {
            var isOutput = next.Shape is Shape.ResourceOutput or Shape.FunctionOutput;
            // Kubernetes declares the arguments of a resource among the nested types too; they are written with the resource.
            if (names.IsKubernetes && next.Shape == Shape.ResourceInput && written.Contains(next.Path))
            {
                continue;
            }
            var declaration = Parse(isOutput ? OutputFile : InputFile).Objects.GetValueOrDefault(next.Path)
                ?? throw new InvalidDataException($"The package declares no nested type {next.Path}.");
            var parts = next.Path.Split('.');
            var kind = isOutput ? "Outputs" : "Inputs";
            var code = File(string.Join('.', parts[..^1].Select(names.Dialect.Namespace).Append(kind)));
            using var space = code.Open($"namespace {names.Nested(parts[..^1], kind)}");
            var input = isOutput && !names.IsKubernetes ? Parse(InputFile).Objects.GetValueOrDefault(next.Path) : null;
            WriteNested(code, next.Shape, parts[^1], declaration, input);
        }
    }

    private void WriteNested(CodeWriter code, Shape shape, string name, ObjectDeclaration declaration, ObjectDeclaration? input)
    {
        var className = TypeMapper.NestedClass(shape, name);
        switch (shape)
        {
            case Shape.FunctionPlain:
                typeWriter.Plain(code, className, declaration, name);
                break;
            case Shape.ResourceOutput or Shape.FunctionOutput:
                typeWriter.Outputs(code, className, declaration, name, shape, input);
                break;
            default:
                typeWriter.Inputs(code, className, declaration, name, shape, "global::Pulumi.ResourceArgs");
                break;
        }
    }

    private void WriteEnums()
    {
        foreach (var path in metEnums.Order(StringComparer.Ordinal))
        {
            var parts = path.Split('.');
            var file = string.Join('/', ["types", "enums", .. parts[..^1], "index.d.ts"]);
            var code = File(string.Join('.', parts[..^1].Select(names.Dialect.Namespace).Append("Enums")));
            using var space = code.Open($"namespace {names.Module(parts[..^1])}");
            EnumWriter.Write(code, parts[^1], Parse(file).Enums[parts[^1]]);
        }
    }

    private DeclarationFile Parse(string path) => parsed.TryGetValue(path, out var file) ? file : parsed[path] = DeclarationParser.Parse(package.Read(path));

    private CodeWriter File(string name)
    {
        if (!files.TryGetValue(name, out var code))
        {
            files[name] = code = new();
            code.Line($"// <auto-generated>From the declarations of the npm package {names.Title.ToLowerInvariant()} {version}.</auto-generated>");
            code.Line("#nullable enable");
            code.Line("#pragma warning disable");
            code.Line("using Pulumi;");
        }
        return code;
    }
}
