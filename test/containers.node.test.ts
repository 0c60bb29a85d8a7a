/** What compose.yaml and the Dockerfile promise; no container engine is needed to read them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const read = (name: string) => readFileSync(join(import.meta.dirname, '..', name), 'utf8')
const compose = read('compose.yaml')
const services = compose.slice(compose.indexOf('\nservices:'), compose.indexOf('\nvolumes:'))

describe('compose.yaml', () => {
  it('hardens every service', () => {
    for (const rule of [
      'cap_drop: [ALL]',
      'no-new-privileges:true',
      'read_only: true',
      'mem_limit: 512m',
      'max-size: ',
    ])
      expect(compose).toContain(rule)
    const names = services.match(/^ {2}\w+:$/gm) ?? []
    expect(names).toHaveLength(2)
    expect(services.match(/<<: \*hardened/g)).toHaveLength(names.length)
  })

  it('brings every variable of .env to the gateway', () => {
    expect(services.match(/env_file: .*/g)).toEqual(['env_file: [{ path: .env, required: false }]'])
  })

  it('publishes on this machine alone, and asks for a token and a password', () => {
    expect(services.match(/ports: .*/g)).toEqual([expect.stringContaining('VX11_PUBLISH:-127.0.0.1:8000}:8000"')])
    expect(services).toContain('{VX11_TENTACULO_LINK_TOKEN:?')
    expect(services).toContain('{VX11_REDIS_PASSWORD:?')
    expect(services).toContain('--requirepass')
  })
})

describe('the image', () => {
  it('runs as a user without rights, and its base can be pinned by digest', () => {
    const dockerfile = read('Dockerfile')
    expect(dockerfile).toMatch(/^USER node$/m)
    expect(dockerfile.match(/^FROM .*/gm)?.every((line) => line.includes('{NODE_IMAGE}'))).toBe(true)
  })
})
