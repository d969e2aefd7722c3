using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Aws.CloudWatch;

namespace Jeju.Infra.Components.Aws;

/// <summary>The one place of a region that alarms and findings are sent to, and who reads there. Its messages are encrypted.</summary>
internal sealed class AlarmTopic
{
    private readonly string _name;
    private readonly CustomResourceOptions _child;

    /// <summary>Declares the topic.</summary>
    /// <param name="name">The stem of the alarms' names.</param>
    /// <param name="accountId">The account, whose alarms and events alone may send.</param>
    /// <param name="keyArn">The key of the messages.</param>
    /// <param name="recipients">Mail addresses.</param>
    /// <param name="child">The options of what is declared.</param>
    public AlarmTopic(string name, string accountId, Input<string> keyArn, IReadOnlyList<string> recipients, CustomResourceOptions child)
    {
        _name = name;
        _child = child;
        Pulumi.Aws.Sns.Topic topic = new($"{name}-alarms", new Pulumi.Aws.Sns.TopicArgs { KmsMasterKeyId = keyArn }, child);
        Pulumi.Aws.Sns.TopicPolicy policy = new($"{name}-alarms", new Pulumi.Aws.Sns.TopicPolicyArgs { Arn = topic.Arn, Policy = topic.Arn.Apply(arn => SendersOf(arn, accountId).ToJson()) }, child);
        foreach ((string recipient, int index) in recipients.Select((recipient, index) => (recipient, index)))
        {
            _ = new Pulumi.Aws.Sns.TopicSubscription($"{name}-alarms-{index}", new Pulumi.Aws.Sns.TopicSubscriptionArgs
            {
                Topic = topic.Arn,
                Protocol = "email",
                Endpoint = recipient,
            }, child);
        }

        Arn = Output.Tuple(topic.Arn, policy.Id).Apply(known => known.Item1);
    }

    /// <summary>The topic, once alarms and events may send to it.</summary>
    public Output<string> Arn { get; }

    /// <summary>Declares an alarm that is sent here, and so is its end.</summary>
    /// <returns>The alarm's name.</returns>
    public Output<string> Declare(Alarm alarm) => new MetricAlarm($"{_name}-{alarm.Name}", new MetricAlarmArgs
    {
        AlarmDescription = alarm.Description,
        Namespace = alarm.Namespace,
        MetricName = alarm.Metric,
        Statistic = alarm.Statistic,
        ComparisonOperator = alarm.Comparison,
        Threshold = alarm.Threshold,
        Period = alarm.PeriodSeconds,
        EvaluationPeriods = alarm.Periods,
        Dimensions = alarm.Dimensions,
        TreatMissingData = alarm.MissingData,
        AlarmActions = { Arn },
        OkActions = { Arn },
    }, _child).Name;

    private static IamPolicyDocument SendersOf(string arn, string accountId) => new(
        new IamStatement("AlarmsSend", ["sns:Publish"], [arn])
        {
            Principals = new Dictionary<string, string> { ["Service"] = "cloudwatch.amazonaws.com" },
            Conditions = [("StringEquals", "aws:SourceAccount", accountId)],
        },
        new IamStatement("EventsSend", ["sns:Publish"], [arn])
        {
            Principals = new Dictionary<string, string> { ["Service"] = "events.amazonaws.com" },
            Conditions = [("ArnLike", "aws:SourceArn", $"arn:aws:events:*:{accountId}:rule/*")],
        });
}
