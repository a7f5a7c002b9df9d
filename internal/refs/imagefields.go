package refs

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// imageField says in which fields objects of some kinds name images, beside those of the pods in them.
type imageField struct {
	group string   // of the apiVersion; with a dot in front, all groups that end so
	kinds []string // none means all of the group
	// fields are paths from the object: "*" is any key or index, "**" any number of them.
	fields []string
	source string // where the project itself says so
}

// imageFields are the fields, as of November 2026. What an object has built, copied or scanned is none of them, nor is a field
// that holds a part of a name.
var imageFields = []imageField{
	{
		"actions.summerwind.dev",
		[]string{"Runner", "RunnerDeployment", "RunnerReplicaSet", "RunnerSet"},
		[]string{
			"spec.image", "spec.sidecarContainers.*.image",
			"spec.template.spec.image", "spec.template.spec.sidecarContainers.*.image",
		},
		"https://github.com/actions/actions-runner-controller/blob/master/docs/detailed-docs.md",
	},
	{
		"acid.zalan.do",
		[]string{"postgresql"},
		[]string{"spec.connectionPooler.dockerImage", "spec.dockerImage", "spec.sidecars.*.image"},
		"https://postgres-operator.readthedocs.io/en/latest/reference/cluster_manifest/",
	},
	{
		"apps.kruise.io",
		[]string{"ImagePullJob"},
		[]string{"spec.image"},
		"https://openkruise.io/docs/user-manuals/imagepulljob/",
	},
	{
		"argoproj.io",
		[]string{"ClusterWorkflowTemplate", "CronWorkflow", "ExecutorPlugin", "Workflow", "WorkflowTemplate"},
		[]string{"**.container.image", "**.script.image", "**.sidecars.*.image"},
		"https://argo-workflows.readthedocs.io/en/latest/fields/",
	},
	{
		"argoproj.io",
		[]string{"EventSource", "Sensor"},
		[]string{"spec.template.container.image"},
		"https://github.com/argoproj/argo-events/blob/master/api/sensor.md",
	},
	{
		"caching.internal.knative.dev",
		[]string{"Image"},
		[]string{"spec.image"},
		"https://knative.dev/docs/serving/services/image-caching/",
	},
	{
		"cassandra.datastax.com",
		[]string{"CassandraDatacenter"},
		[]string{"spec.configBuilderImage", "spec.serverImage", "spec.systemLoggerImage"},
		"https://docs.k8ssandra.io/reference/crd/cass-operator-crds-latest/",
	},
	{
		"ceph.rook.io",
		[]string{"CephCluster"},
		[]string{"spec.cephVersion.image"},
		"https://rook.io/docs/rook/latest/CRDs/specification/",
	},
	{
		"ceph.rook.io",
		[]string{"CephCOSIDriver", "CephNFS", "CephNVMeOFGateway"},
		[]string{"spec.image", "spec.objectProvisionerImage", "spec.security.sssd.sidecar.image", "spec.server.image"},
		"https://rook.io/docs/rook/latest/CRDs/specification/",
	},
	{
		"flink.apache.org",
		[]string{"FlinkDeployment"},
		[]string{"spec.image"},
		"https://nightlies.apache.org/flink/flink-kubernetes-operator-docs-main/docs/custom-resource/reference/",
	},
	{
		"fluentbit.fluent.io",
		[]string{"Collector", "FluentBit"},
		[]string{"spec.image"},
		"https://github.com/fluent/fluent-operator/blob/master/docs/fluentbit.md",
	},
	{
		"fluentd.fluent.io",
		[]string{"Fluentd"},
		[]string{"spec.image"},
		"https://github.com/fluent/fluent-operator/blob/master/docs/fluentd.md",
	},
	{
		"gateway.envoyproxy.io",
		[]string{"EnvoyGateway", "EnvoyProxy"},
		[]string{"**.kubernetes.*.container.image", "**.kubernetes.shutdownManager.image"},
		"https://gateway.envoyproxy.io/docs/api/extension_types/",
	},
	{
		"jaegertracing.io",
		[]string{"Jaeger"},
		[]string{"spec.*.image", "spec.storage.*.image"},
		"https://www.jaegertracing.io/docs/1.76/deployment/operator/",
	},
	{
		".k8s.elastic.co",
		nil,
		[]string{"spec.image"},
		"https://www.elastic.co/docs/reference/cloud-on-k8s/api-docs",
	},
	{
		"k6.io",
		[]string{"PrivateLoadZone", "TestRun"},
		[]string{"spec.image", "spec.initializer.image", "spec.runner.image", "spec.starter.image"},
		"https://grafana.com/docs/k6/latest/set-up/set-up-distributed-k6/usage/configure-testrun-crd/",
	},
	{
		"k8s.keycloak.org",
		[]string{"Keycloak"},
		[]string{"spec.image"},
		"https://www.keycloak.org/operator/advanced-configuration",
	},
	{
		"k8s.mariadb.com",
		[]string{"MariaDB", "MaxScale"},
		[]string{
			"spec.image", "spec.metrics.exporter.image", "spec.sidecarContainers.*.image",
			"spec.galera.agent.image", "spec.galera.initContainer.image",
			"spec.replication.agent.image", "spec.replication.initContainer.image",
		},
		"https://github.com/mariadb-operator/mariadb-operator/blob/main/docs/api_reference.md",
	},
	{
		"kafka.strimzi.io",
		[]string{"Kafka"},
		[]string{
			"spec.kafka.image", "spec.zookeeper.image", "spec.cruiseControl.image", "spec.kafkaExporter.image",
			"spec.entityOperator.*.image", "spec.kafka.brokerRackInitImage",
		},
		"https://strimzi.io/docs/operators/latest/configuring.html",
	},
	{
		"kafka.strimzi.io",
		[]string{"KafkaBridge", "KafkaConnect", "KafkaMirrorMaker", "KafkaMirrorMaker2"},
		[]string{"spec.clientRackInitImage", "spec.image"},
		"https://strimzi.io/docs/operators/latest/configuring.html",
	},
	{
		"kind.x-k8s.io",
		[]string{"Cluster"},
		[]string{"nodes.*.image"},
		"https://kind.sigs.k8s.io/docs/user/configuration/",
	},
	{
		"minio.min.io",
		[]string{"Tenant"},
		[]string{"spec.image", "spec.kes.image"},
		"https://github.com/minio/operator/blob/master/docs/tenant_crd.adoc",
	},
	{
		"monitoring.coreos.com",
		[]string{"Alertmanager", "Prometheus", "PrometheusAgent", "ThanosRuler"},
		[]string{"spec.image", "spec.thanos.image"},
		"https://prometheus-operator.dev/docs/api-reference/api/",
	},
	{
		"opentelemetry.io",
		[]string{"OpAMPBridge", "OpenTelemetryCollector", "TargetAllocator"},
		[]string{"spec.additionalContainers.*.image", "spec.image", "spec.targetAllocator.image"},
		"https://github.com/open-telemetry/opentelemetry-operator/tree/main/docs/api",
	},
	{
		"opentelemetry.io",
		[]string{"Instrumentation"},
		[]string{"spec.*.image", "spec.java.extensions.*.image"},
		"https://github.com/open-telemetry/opentelemetry-operator/blob/main/docs/api/instrumentations.md",
	},
	{
		"operators.coreos.com",
		[]string{"CatalogSource"},
		[]string{"spec.image"},
		"https://olm.operatorframework.io/docs/concepts/crds/catalogsource/",
	},
	{
		"operators.coreos.com",
		[]string{"ClusterServiceVersion"},
		[]string{"spec.relatedImages.*.image"},
		"https://sdk.operatorframework.io/docs/olm-integration/generation/",
	},
	{
		"pkg.crossplane.io",
		[]string{"Configuration", "Function", "Provider"},
		[]string{"spec.package"},
		"https://docs.crossplane.io/latest/packages/providers/",
	},
	{
		"pkg.crossplane.io",
		[]string{"ControllerConfig"},
		[]string{"spec.image"},
		"https://docs.crossplane.io/v1.20/api/",
	},
	{
		"postgres-operator.crunchydata.com",
		[]string{"PGAdmin", "PGUpgrade", "PostgresCluster"},
		[]string{
			"spec.image", "spec.backups.pgbackrest.image", "spec.instrumentation.image",
			"spec.monitoring.pgmonitor.exporter.image", "spec.proxy.pgBouncer.image", "spec.userInterface.pgAdmin.image",
		},
		"https://access.crunchydata.com/documentation/postgres-operator/latest/references/crd/",
	},
	{
		"postgresql.cnpg.io",
		[]string{"Cluster"},
		[]string{"spec.imageName", "spec.postgresql.extensions.*.image.reference"},
		"https://cloudnative-pg.io/documentation/current/cloudnative-pg.v1/",
	},
	{
		"postgresql.cnpg.io",
		[]string{"Pooler"},
		[]string{"spec.pgbouncer.image"},
		"https://cloudnative-pg.io/documentation/current/cloudnative-pg.v1/",
	},
	{
		"postgresql.cnpg.io",
		[]string{"ClusterImageCatalog", "ImageCatalog"},
		[]string{"spec.componentImages.*.image", "spec.images.*.image"},
		"https://cloudnative-pg.io/documentation/current/image_catalog/",
	},
	{
		"psmdb.percona.com",
		[]string{"PerconaServerMongoDB"},
		[]string{
			"spec.image", "spec.backup.image", "spec.initImage", "spec.logcollector.image", "spec.pmm.image", "spec.search.image",
			"spec.replsets.**.sidecars.*.image", "spec.sharding.**.sidecars.*.image",
		},
		"https://docs.percona.com/percona-operator-for-mongodb/operator.html",
	},
	{
		"pxc.percona.com",
		[]string{"PerconaXtraDBCluster"},
		[]string{"spec.*.image", "spec.*.sidecars.*.image", "spec.initImage"},
		"https://docs.percona.com/percona-operator-for-mysql/pxc/operator.html",
	},
	{
		"rabbitmq.com",
		[]string{"RabbitmqCluster"},
		[]string{"spec.image", "spec.secretBackend.vault.defaultUserUpdaterImage"},
		"https://github.com/rabbitmq/cluster-operator/blob/main/docs/api/rabbitmq.com.ref.asciidoc",
	},
	{
		"sparkoperator.k8s.io",
		[]string{"ScheduledSparkApplication", "SparkApplication", "SparkConnect"},
		[]string{
			"spec.image", "spec.driver.image", "spec.executor.image",
			"spec.driver.sidecars.*.image", "spec.executor.sidecars.*.image",
			"spec.template.image", "spec.template.driver.image", "spec.template.executor.image",
			"spec.template.driver.sidecars.*.image", "spec.template.executor.sidecars.*.image",
		},
		"https://github.com/kubeflow/spark-operator/blob/master/docs/api-docs.md",
	},
	{
		"tekton.dev",
		[]string{"ClusterTask", "Pipeline", "PipelineRun", "Task", "TaskRun"},
		[]string{"**.steps.*.image", "**.sidecars.*.image", "**.stepTemplate.image"},
		"https://tekton.dev/docs/pipelines/pipeline-api/",
	},
	{
		"tekton.dev",
		[]string{"StepAction"},
		[]string{"spec.image"},
		"https://tekton.dev/docs/pipelines/stepactions/",
	},
	{
		"trainer.kubeflow.org",
		[]string{"TrainJob"},
		[]string{"spec.trainer.image"},
		"https://www.kubeflow.org/docs/components/trainer/",
	},
}

// fieldsOf gives the fields of a kind, split into their steps.
func fieldsOf(group, kind string) [][]string {
	var fields [][]string
	for _, f := range imageFields {
		isGroup := f.group == group || strings.HasPrefix(f.group, ".") && strings.HasSuffix(group, f.group)
		if !isGroup || len(f.kinds) > 0 && !slices.Contains(f.kinds, kind) {
			continue
		}
		for _, field := range f.fields {
			fields = append(fields, strings.Split(field, "."))
		}
	}
	return fields
}

// matchField reports whether a path is one that a field means.
func matchField(field []string, path source.Path) bool {
	switch {
	case len(field) == 0:
		return len(path) == 0
	case field[0] == "**":
		for i := range len(path) + 1 {
			if matchField(field[1:], path[i:]) {
				return true
			}
		}
		return false
	case len(path) == 0 || field[0] != "*" && path[0] != any(field[0]):
		return false
	default:
		return matchField(field[1:], path[1:])
	}
}
