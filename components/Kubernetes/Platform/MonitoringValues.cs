using Jeju.Infra.Core;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>The values of the monitoring chart.</summary>
internal static class MonitoringValues
{
    /// <summary>
    /// Google's build of Prometheus, which writes what it collects to the managed service ("self-deployed collection"); the operator, the monitors and the rules stay those of
    /// the other cloud.
    /// </summary>
    private const string GoogleImageTag = "v2.53.5-gmp.1-gke.2";

    public static Map Of(OperatorFacts facts) => new()
    {
        ["fullnameOverride"] = "kube-prometheus",

        // The definitions come with a release of their own, before any monitor.
        ["crds"] = new Map { ["enabled"] = false },

        // The cloud runs the control plane; there is nothing to scrape.
        ["kubeControllerManager"] = Off(),
        ["kubeScheduler"] = Off(),
        ["kubeEtcd"] = Off(),
        ["kubeProxy"] = Off(),
        ["prometheusOperator"] = new Map
        {
            ["resources"] = ChartValues.Resources("50m", "128Mi", "256Mi"),
            ["admissionWebhooks"] = new Map { ["patch"] = new Map { ["resources"] = ChartValues.Resources("20m", "64Mi", "128Mi") } },
        },
        ["prometheus"] = new Map
        {
            ["serviceAccount"] = ChartValues.ServiceAccount(facts, OperatorAccounts.Prometheus),
            ["podDisruptionBudget"] = new Map { ["enabled"] = facts.IsMainnet, ["minAvailable"] = 1 },
            ["prometheusSpec"] = Prometheus(facts),
        },
        ["alertmanager"] = new Map
        {
            ["serviceAccount"] = ChartValues.ServiceAccount(facts, OperatorAccounts.AlertManager),
            ["config"] = Alerting(facts),
            ["alertmanagerSpec"] = new Map
            {
                ["replicas"] = facts.IsMainnet ? 3 : 1,
                ["storage"] = Volume(facts, "2Gi"),
                ["resources"] = ChartValues.Resources("20m", "64Mi", "128Mi"),
            },
        },
        ["grafana"] = new Map
        {
            ["admin"] = new Map
            {
                ["existingSecret"] = SecretCatalog.GrafanaLogin.Name,
                ["userKey"] = SecretCatalog.GrafanaLogin.Key("admin-user"),
                ["passwordKey"] = SecretCatalog.GrafanaLogin.Key("admin-password"),
            },

            // Dashboards are code: nothing that is clicked together survives the pod.
            ["persistence"] = Off(),
            ["initChownData"] = Off(),
            ["sidecar"] = new Map
            {
                ["dashboards"] = new Map { ["enabled"] = true, ["label"] = "grafana_dashboard", ["labelValue"] = "1", ["searchNamespace"] = ClusterNamespaces.Monitoring },
                ["resources"] = ChartValues.Resources("20m", "64Mi", "128Mi"),
            },
            ["serviceMonitor"] = new Map { ["enabled"] = true },
            ["resources"] = ChartValues.Resources("50m", "128Mi", "512Mi"),
        },
        ["prometheus-node-exporter"] = new Map
        {
            ["namespaceOverride"] = ClusterNamespaces.NodeMetrics,
            ["resources"] = ChartValues.Resources("20m", "32Mi", "64Mi"),
        },
        ["kube-state-metrics"] = new Map { ["resources"] = ChartValues.Resources("20m", "128Mi", "256Mi") },
    };

    private static Map Off() => new() { ["enabled"] = false };

    private static Map Prometheus(OperatorFacts facts)
    {
        Map spec = new()
        {
            ["replicas"] = facts.IsMainnet ? 2 : 1,
            ["retention"] = "15d",
            ["retentionSize"] = "40GB",
            ["externalLabels"] = new Map { ["cluster"] = facts.ClusterName },

            // Every monitor and rule of the cluster counts, not only those of this release.
            ["serviceMonitorSelectorNilUsesHelmValues"] = false,
            ["podMonitorSelectorNilUsesHelmValues"] = false,
            ["ruleSelectorNilUsesHelmValues"] = false,
            ["probeSelectorNilUsesHelmValues"] = false,
            ["storageSpec"] = Volume(facts, "50Gi"),
            ["resources"] = new Map
            {
                ["requests"] = new Map { ["cpu"] = "500m", ["memory"] = "2Gi" },
                ["limits"] = new Map { ["cpu"] = "2", ["memory"] = "4Gi" },
            },
        };
        if (facts.Cloud == CloudName.Aws)
        {
            spec["remoteWrite"] = new object[]
            {
                new Map
                {
                    ["url"] = facts.MetricsEndpoint,
                    ["sigv4"] = new Map { ["region"] = facts.Region },
                    ["queueConfig"] = new Map { ["maxSamplesPerSend"] = 1000, ["maxShards"] = 50, ["capacity"] = 2500 },
                },
            };
        }
        else
        {
            spec["image"] = new Map { ["registry"] = "gke.gcr.io", ["repository"] = "prometheus-engine/prometheus", ["tag"] = GoogleImageTag };
            spec["version"] = "v2.53.5";
        }

        return spec;
    }

    private static Map Volume(OperatorFacts facts, string size) => new()
    {
        ["volumeClaimTemplate"] = new Map
        {
            ["spec"] = new Map
            {
                ["storageClassName"] = StorageClasses.Of(facts.Cloud),
                ["accessModes"] = new object[] { "ReadWriteOnce" },
                ["resources"] = new Map { ["requests"] = new Map { ["storage"] = size } },
            },
        },
    };

    /// <summary>
    /// On AWS alerts go to the topic of the cloud's own alarms, so there is one list of recipients. On Google Cloud the same rules are alert policies of the managed service,
    /// which has those recipients; the alert manager only shows what is firing.
    /// </summary>
    private static Map Alerting(OperatorFacts facts)
    {
        Map sns = new()
        {
            ["name"] = "operators",
            ["sns_configs"] = new object[]
            {
                new Map
                {
                    ["topic_arn"] = facts.AlarmTopic,
                    ["sigv4"] = new Map { ["region"] = facts.Region },
                    ["send_resolved"] = true,
                    ["subject"] = "[{{ .Status | toUpper }}] {{ .CommonLabels.alertname }}",
                },
            },
        };
        return new Map
        {
            ["global"] = new Map { ["resolve_timeout"] = "5m" },
            ["route"] = new Map
            {
                ["receiver"] = facts.Cloud == CloudName.Aws ? "operators" : "none",
                ["group_by"] = new object[] { "alertname", "namespace" },
                ["group_wait"] = "30s",
                ["group_interval"] = "5m",
                ["repeat_interval"] = "4h",
                ["routes"] = new object[]
                {
                    // The watchdog fires always, and information alone wakes nobody.
                    new Map { ["receiver"] = "none", ["matchers"] = new object[] { "severity =~ \"none|info\"" } },
                },
            },
            ["inhibit_rules"] = new object[]
            {
                new Map
                {
                    ["source_matchers"] = new object[] { "severity = critical" },
                    ["target_matchers"] = new object[] { "severity = warning" },
                    ["equal"] = new object[] { "namespace", "alertname" },
                },
            },
            ["receivers"] = facts.Cloud == CloudName.Aws ? [new Map { ["name"] = "none" }, sns] : new object[] { new Map { ["name"] = "none" } },
        };
    }
}
