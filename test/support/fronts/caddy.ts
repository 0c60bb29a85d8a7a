/** Starts a real Caddy with the project's own front configuration, before gateways of a test. */
import { spawn } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'
import { deployedText, type Front, frontOf, isInstalled } from './front.ts'

export const hasCaddy = isInstalled('caddy', ['version'], 'caddy')

/** `ports`: of the two instances that the configuration names. */
export async function startCaddy([one, other]: readonly [number, number]): Promise<Front> {
  const folder = await mkdtemp(join(tmpdir(), 'caddy-'))
  const url = `http://127.0.0.1:${await freePort()}`
  const text = await deployedText('caddy/Caddyfile', {
    'gateway.example.org': url,
    '127.0.0.1:8001': `127.0.0.1:${one}`,
    '127.0.0.1:8002': `127.0.0.1:${other}`,
  })
  const file = join(folder, 'Caddyfile')
  await writeFile(file, `{\n\tadmin off\n}\n${text}`)
  const server = spawn('caddy', ['run', '--config', file], {
    env: { HOME: folder, PATH: process.env.PATH },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let complaints = ''
  server.stderr.on('data', (chunk) => {
    complaints = `${complaints}${chunk}`.slice(-5000)
  })
  return frontOf(server, { url, folder, complaints: async () => complaints })
}
