namespace Jeju.Infra.Core;

/// <summary>How far two texts are apart, to find what somebody meant who mistyped a name.</summary>
public static class TextDistance
{
    /// <summary>The fewest letters to insert, remove or exchange (Levenshtein); case does not count.</summary>
    public static int Between(string left, string right)
    {
        int[] previous = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int[] current = new int[right.Length + 1];
            current[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int cost = char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]) ? 0 : 1;
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + cost);
            }

            previous = current;
        }

        return previous[right.Length];
    }
}
