"""Makes the schemas of this folder from those that Go modules ship: one JSON Schema for each kind that deploy/ uses.

    python3 test/deploy/schemas/make.py     (takes go, and PyYAML)
"""
import json
import subprocess
from pathlib import Path

import yaml

OUT = Path(__file__).parent
KUBERNETES = 'sigs.k8s.io/kubectl-validate@v0.0.4'
KUBERNETES_VERSION = '1.30'
PROMETHEUS_OPERATOR = 'github.com/prometheus-operator/prometheus-operator@v0.85.0'
COMPOSE = 'github.com/compose-spec/compose-go/v2@v2.16.2'
KINDS = [
    ('apps/v1', 'Deployment'),
    ('v1', 'Service'),
    ('v1', 'ConfigMap'),
    ('v1', 'Secret'),
    ('v1', 'ServiceAccount'),
    ('v1', 'Namespace'),
    ('policy/v1', 'PodDisruptionBudget'),
    ('autoscaling/v2', 'HorizontalPodAutoscaler'),
    ('networking.k8s.io/v1', 'NetworkPolicy'),
]
# Words for people and for the API server. As names of properties they stay.
LEFT_OUT = ('description', 'default', 'title', 'nullable')


def module(name):
    """The folder of a module."""
    answer = subprocess.run(['go', 'mod', 'download', '-json', name], check=True, capture_output=True, cwd='/')
    return Path(json.loads(answer.stdout)['Dir'])


def convert(schema):
    """OpenAPI to JSON Schema. A key that a schema does not name is refused, as by `kubectl --validate=strict`."""
    if isinstance(schema, list):
        return [convert(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    result = {}
    for key, value in schema.items():
        if key == 'x-kubernetes-int-or-string':
            result['type'] = ['integer', 'string']
        elif key in LEFT_OUT or key.startswith('x-kubernetes'):
            continue
        elif key == '$ref':
            result[key] = '#/definitions/' + value.split('/')[-1]
        elif key == 'properties':
            result[key] = {name: convert(one) for name, one in value.items()}
        else:
            result[key] = value if key in ('enum', 'required') else convert(value)
    if result.get('format') == 'int-or-string':
        return {'type': ['integer', 'string']}
    if 'properties' in result and 'additionalProperties' not in result:
        result['additionalProperties'] = False
    if set(result) == {'allOf'} and len(result['allOf']) == 1:
        return result['allOf'][0]
    return result


def references(schema):
    if isinstance(schema, dict):
        for key, value in schema.items():
            yield from [value.split('/')[-1]] if key == '$ref' else references(value)
    elif isinstance(schema, list):
        for one in schema:
            yield from references(one)


def write(name, schema):
    (OUT / name).write_text(json.dumps({'$schema': 'http://json-schema.org/draft-07/schema#', **schema}, indent=1) + '\n')


def write_kind(group_version, kind):
    folder = module(KUBERNETES) / 'pkg/openapiclient/builtins' / KUBERNETES_VERSION
    path = ('apis/' if '/' in group_version else 'api/') + group_version + '.json'
    all_schemas = json.loads((folder / path).read_text())['components']['schemas']
    root = next(name for name in all_schemas if name.endswith('.' + kind))
    needed, waiting = {}, [root]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = convert(all_schemas[name])
            waiting += references(needed[name])
    top = needed.pop(root)
    top['properties'] |= {'apiVersion': {'const': group_version}, 'kind': {'const': kind}}
    top['required'] = ['apiVersion', 'kind', 'metadata']
    # The name that kubeconform gives a kind: without the domain of its group.
    suffix = '-'.join(part.split('.')[0] for part in group_version.split('/'))
    write(f'{kind.lower()}-{suffix}.json', {**top, 'definitions': dict(sorted(needed.items()))})


def of_prometheus_operator(kind):
    path = f'example/prometheus-operator-crd/monitoring.coreos.com_{kind}s.yaml'
    definition = yaml.safe_load((module(PROMETHEUS_OPERATOR) / path).read_text())
    schema = convert(definition['spec']['versions'][0]['schema']['openAPIV3Schema'])
    schema['properties']['metadata'] = {'type': 'object'}
    return schema


def write_monitors():
    write('servicemonitor-monitoring-v1.json', of_prometheus_operator('servicemonitor'))
    scrape_config = of_prometheus_operator('scrapeconfig')
    # The whole has all ways of service discovery, half a megabyte.
    known = scrape_config['properties']['spec']['properties']
    used = ['authorization', 'jobName', 'metricsPath', 'scrapeInterval', 'scrapeTimeout', 'staticConfigs']
    scrape_config['properties']['spec']['properties'] = {name: known[name] for name in used}
    write('scrapeconfig-monitoring-v1alpha1.json', scrape_config)


for kind_to_write in KINDS:
    write_kind(*kind_to_write)
write_monitors()
(OUT / 'compose-spec.json').write_text(json.dumps(json.loads((module(COMPOSE) / 'schema/compose-spec.json').read_text()), indent=1) + '\n')
