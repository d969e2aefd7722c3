using Nethereum.ABI.Model;

namespace Nethereum.ABI.FunctionEncoding.Attributes;

/// <summary>Names the Solidity function that a message calls.</summary>
[AttributeUsage(AttributeTargets.Class)]
public class FunctionAttribute : Attribute
{
    public FunctionAttribute(string name) => Name = name;

    public FunctionAttribute(string name, string returnType) : this(name) => ReturnType = returnType;

    public FunctionAttribute(string name, Type dtoReturnType) : this(name) => DTOReturnType = dtoReturnType;

    public string Name { get; }

    public string ReturnType { get; }

    public Type DTOReturnType { get; }
}

/// <summary>Marks the answer of a function.</summary>
[AttributeUsage(AttributeTargets.Class)]
public class FunctionOutputAttribute : Attribute;

/// <summary>Names the Solidity event that a message holds.</summary>
[AttributeUsage(AttributeTargets.Class)]
public class EventAttribute : Attribute
{
    public EventAttribute(string name) => Name = name;

    public string Name { get; set; }
}

/// <summary>Names the Solidity custom error that a message holds.</summary>
[AttributeUsage(AttributeTargets.Class)]
public class ErrorAttribute : Attribute
{
    public ErrorAttribute(string name) => Name = name;

    public string Name { get; set; }
}

/// <summary>Names the EIP-712 struct that a class stands for.</summary>
[AttributeUsage(AttributeTargets.Class)]
public class StructAttribute : Attribute
{
    public StructAttribute(string name) => Name = name;

    public string Name { get; set; }
}

/// <summary>Places a property in the ABI: its Solidity type, name and position.</summary>
[AttributeUsage(AttributeTargets.Property)]
public class ParameterAttribute : Attribute
{
    public ParameterAttribute(string type, string name = null, int order = 1)
    {
        Parameter = new Parameter(type, name, order);
    }

    public ParameterAttribute(string type, int order) : this(type, null, order)
    {
    }

    public ParameterAttribute(string type, string name, int order, bool indexed = false) : this(type, name, order)
    {
        Parameter.Indexed = indexed;
    }

    public ParameterAttribute(string type, string name, int order, string structTypeName = null) : this(type, name, order)
    {
        Parameter.StructTypeName = structTypeName;
    }

    public Parameter Parameter { get; }

    public int Order => Parameter.Order;

    public string Name => Parameter.Name;

    public string Type => Parameter.Type;

    public string StructTypeName => Parameter.StructTypeName;
}

/// <summary>The answer of a function, decoded into an object.</summary>
public interface IFunctionOutputDTO;

/// <summary>An event, decoded into an object.</summary>
public interface IEventDTO;

/// <summary>A custom error, decoded into an object.</summary>
public interface IErrorDTO;
