/** The OpenAPI document passes the recommended rules of Redocly and Spectral, but for the exceptions that are named. */
import { createConfig, lintFromString } from '@redocly/openapi-core'
import spectral from '@stoplight/spectral-core'
import rulesets from '@stoplight/spectral-rulesets'
import { expect, it } from 'vitest'
import { exceptions, type LintException } from '../support/openapi-exceptions.ts'
import { testApp } from '../support/test-app.ts'

interface Finding {
  rule: string
  place: string
  message: string
}

const text = await (await testApp().request('/openapi.json')).text()

async function byRedocly(source: string): Promise<Finding[]> {
  const config = await createConfig({ extends: ['recommended'] })
  const found = await lintFromString({ source, absoluteRef: 'openapi.json', config })
  return found.map(({ ruleId, message, location: [first] }) => ({
    rule: ruleId,
    place: (first?.pointer ?? '').replace(/^#/, ''),
    message,
  }))
}

async function bySpectral(source: string): Promise<Finding[]> {
  const linter = new spectral.Spectral()
  linter.setRuleset({ extends: [[rulesets.oas as never, 'recommended']] })
  const found = await linter.run(source)
  return found.map(({ code, path, message }) => ({
    rule: String(code),
    place: path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
    message,
  }))
}

const linters = { redocly: byRedocly, spectral: bySpectral }

const isMeant =
  ({ rule, place }: Finding) =>
  (exception: LintException) =>
    exception.rule === rule && exception.places.includes(place)

it.each(['redocly', 'spectral'] as const)('passes %s without an error or a warning', async (linter) => {
  const allowed = exceptions.filter((exception) => exception.linter === linter)
  const found = await linters[linter](text)
  expect(found.filter((finding) => !allowed.some(isMeant(finding)))).toEqual([])
  const unused = allowed.flatMap(({ rule, places }) =>
    places.filter((place) => !found.some((finding) => finding.rule === rule && finding.place === place)),
  )
  expect(unused).toEqual([])
})

it.each(['redocly', 'spectral'] as const)('%s finds what is wrong', async (linter) => {
  const broken = JSON.parse(text) as { paths: Record<string, { get: object }> }
  broken.paths['/health'] = { get: { operationId: 'getHealth' } }
  const rules = (await linters[linter](JSON.stringify(broken))).map(({ place }) => place)
  expect(rules.some((place) => place.startsWith('/paths/~1health/get'))).toBe(true)
})
