/** The manifests against the schemas of Kubernetes, the configuration of the gateway, and each other. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Deployment } from 'kubernetes-models/apps/v1'
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1'
import { ConfigMap, Service } from 'kubernetes-models/v1'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { configVariables, parseConfig, secretVariables } from '../src/config/config.ts'

const text = readFileSync(join(import.meta.dirname, '../deploy/kubernetes/tentaculo-link.yaml'), 'utf8')
const documents = parseAllDocuments(text)
const kinds = { ConfigMap, Deployment, Service, PodDisruptionBudget, HorizontalPodAutoscaler, NetworkPolicy }

/** The manifest of a kind, as its schema's class. */
function manifest<Kind extends keyof typeof kinds>(kind: Kind): InstanceType<(typeof kinds)[Kind]> {
  const found = documents.map((document) => document.toJS()).find((each) => each.kind === kind)
  return new kinds[kind](found) as InstanceType<(typeof kinds)[Kind]>
}

const deployment = manifest('Deployment')
const pod = deployment.spec?.template.spec
const container = pod?.containers[0]

/** Values of these are maps with names of ours. */
const freeMaps = new Set(['data', 'labels', 'limits', 'matchLabels', 'requests'])

function fieldNames(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(fieldNames)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => [name, ...(freeMaps.has(name) ? [] : fieldNames(inner))])
}

/** The schemas let unknown fields pass. */
function knownFields(): Set<string> {
  const declared = ['kubernetes-models/**/*.d.ts', '@kubernetes-models/apimachinery/**/*.d.ts'].flatMap((pattern) =>
    globSync(join(import.meta.dirname, '../node_modules', pattern)),
  )
  return new Set(
    declared.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/^\s+"?(\w+)"?\??:/gm)].map(([, name = '']) => name),
    ),
  )
}

describe('the manifests', () => {
  it('misspell no field', () => {
    const known = knownFields()
    expect(known.has('terminationGracePeriodSeconds') && !known.has('terminationGracePeriodSecond')).toBe(true)
    const service = { selector: null }
    const names = documents.flatMap((document) => {
      const found = document.toJS()
      return fieldNames(found.kind === 'Service' ? { ...found, spec: { ...found.spec, ...service } } : found)
    })
    expect(names.length).toBeGreaterThan(150)
    expect(names.filter((name) => !known.has(name))).toEqual([])
  })

  it('are YAML without doubles, one of each kind', () => {
    expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([])
    expect(documents.map((document) => document.toJS().kind).toSorted()).toEqual(Object.keys(kinds).toSorted())
  })

  it.each(Object.keys(kinds) as (keyof typeof kinds)[])('%s keeps the schema', (kind) => {
    const checked = manifest(kind)
    expect(() => checked.validate()).not.toThrow()
  })

  it('select the pods of the Deployment', () => {
    const labels = deployment.spec?.template.metadata?.labels
    expect(deployment.spec?.selector.matchLabels).toEqual(labels)
    expect(manifest('Service').spec?.selector).toEqual(labels)
    expect(manifest('PodDisruptionBudget').spec?.selector?.matchLabels).toEqual(labels)
    expect(manifest('NetworkPolicy').spec?.podSelector?.matchLabels).toEqual(labels)
    expect(manifest('HorizontalPodAutoscaler').spec?.scaleTargetRef.name).toBe(deployment.metadata?.name)
  })

  it('name variables that exist, with values that a gateway starts with', () => {
    const files = new Set([...secretVariables].map((name) => `${name}_FILE`))
    for (const { name } of container?.env ?? []) expect(files).toContain(name)
    const known = new Set<string>(configVariables.map(({ name }) => name))
    const settings = manifest('ConfigMap').data ?? {}
    for (const name of Object.keys(settings)) expect(known).toContain(name)
    const secrets = { VX11_TENTACULO_LINK_TOKEN: 'a'.repeat(32), VX11_REDIS_URL: 'redis://:secret@redis:6379/0' }
    const config = parseConfig({ ...settings, ...secrets })
    expect(config.environment).toBe('production')
    expect(config.drain.timeoutMs).toBeLessThan((pod?.terminationGracePeriodSeconds ?? 0) * 1000)
  })

  it('leave the pod nothing that it does not need', () => {
    expect(container?.securityContext).toEqual({
      ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
    })
    expect(pod).toMatchObject({ automountServiceAccountToken: false, securityContext: { runAsNonRoot: true } })
    expect(container?.resources?.limits).toEqual({ memory: '512Mi' })
  })
})
