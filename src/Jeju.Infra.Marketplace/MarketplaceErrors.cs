using Jeju.Infra.Core;

namespace Jeju.Infra.Marketplace;

/// <summary>The codes of the marketplace's errors: 05xx orders, 06xx agent, backends and images (0601 to 0603 are the Docker client's).</summary>
public static class MarketplaceErrors
{
    /// <summary>The image of a service kind can neither be pulled nor built.</summary>
    public static readonly ErrorCode ImageUnavailable = new(610);

    /// <summary>An image recipe cannot be read, or its build failed.</summary>
    public static readonly ErrorCode RecipeFailed = new(611);
}
