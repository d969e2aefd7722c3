using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine.Display;

/// <summary>Renders a report as JSON for other programs; secrets never appear in it.</summary>
public static class JsonReport
{
    /// <summary>The whole report.</summary>
    /// <param name="report">What there is to tell.</param>
    /// <param name="more">Writes members that others add to it; none where absent.</param>
    public static string Render(ChangeReport report, Action<Utf8JsonWriter>? more = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("stack", report.Stack);
            writer.WriteString("title", report.Title);
            writer.WriteBoolean("preview", report.IsPreview);
            writer.WriteStartObject("summary");
            foreach (var (operation, count) in report.Counts.OrderBy(entry => entry.Key))
            {
                writer.WriteNumber(Camel(operation), count);
            }

            writer.WriteEndObject();
            writer.WriteStartArray("changes");
            foreach (var step in report.Changes)
            {
                WriteStep(writer, step);
            }

            writer.WriteEndArray();
            WriteDifferences(writer, "outputs", report.Outputs);
            writer.WriteStartArray("failures");
            foreach (var failure in report.Failures)
            {
                writer.WriteStartObject();
                writer.WriteString("code", failure.Code.ToString());
                writer.WriteString("message", failure.Message);
                writer.WriteString("remedy", failure.Remedy);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteStartArray("notChecked");
            foreach (var matter in report.NotChecked)
            {
                writer.WriteStringValue(matter);
            }

            writer.WriteEndArray();
            more?.Invoke(writer);
            if (report.IsPreview)
            {
                writer.WritePropertyName("resources");
                PlanDocument.Write(writer, report.Resources);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteStep(Utf8JsonWriter writer, ResourceStep step)
    {
        writer.WriteStartObject();
        writer.WriteString("operation", Camel(step.Operation));
        writer.WriteString("urn", step.Urn);
        writer.WriteString("type", step.Type);
        writer.WriteString("name", step.Name);
        WriteDifferences(writer, "differences", step.Differences);
        writer.WriteEndObject();
    }

    private static void WriteDifferences(Utf8JsonWriter writer, string name, IReadOnlyList<PropertyDifference> differences)
    {
        writer.WriteStartArray(name);
        foreach (var difference in differences)
        {
            writer.WriteStartObject();
            writer.WriteString("path", difference.Path);
            writer.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(difference.Kind.ToString()));
            WriteValue(writer, "old", difference.Old);
            WriteValue(writer, "new", difference.New);
            writer.WriteBoolean("forcesReplacement", difference.ForcesReplacement);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteValue(Utf8JsonWriter writer, string name, PropertyValue? value)
    {
        if (value is not null)
        {
            writer.WritePropertyName(name);
            PlanValues.Write(writer, value);
        }
    }

    private static string Camel(StepOperation operation) => JsonNamingPolicy.CamelCase.ConvertName(operation.ToString());
}
