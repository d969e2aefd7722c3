namespace Nethereum.ABI.Model;

/// <summary>One value of a function, event, error or struct.</summary>
public class Parameter
{
    public Parameter(string type, string name = null, int order = 1, string internalType = null, string serpentSignature = null)
    {
        Type = type;
        Name = name;
        Order = order;
        InternalType = internalType;
        SerpentSignature = serpentSignature;
    }

    public string Type { get; }

    public string Name { get; }

    public int Order { get; }

    public string InternalType { get; }

    public string SerpentSignature { get; }

    public bool Indexed { get; set; }

    public string StructTypeName { get; set; }
}
