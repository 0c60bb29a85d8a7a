/** The Python client against both entries: its own tests, which may have the gateway killed and started again. */
import { execFile, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Gateway, runtimes, token } from '../support/gateways.ts'
import { fencesOf, read } from '../support/project-texts.ts'

const folder = fileURLToPath(new URL('../../clients/python', import.meta.url))
const python = process.env.PYTHON ?? 'python3'
const hasPython = spawnSync(python, ['--version']).status === 0
if (!hasPython && process.env.CI) throw new Error('python3 is missing; CI installs it')
if (!hasPython) process.stderr.write('SKIPPED: the tests of the Python client need python3\n')

describe.skipIf(!hasPython).each(runtimes)('the Python client on %s', (_, startGateway) => {
  let gateway: Gateway
  let restarts: Awaited<ReturnType<typeof restartServer>>

  beforeAll(async () => {
    gateway = await startGateway({ VX11_RATE_LIMIT_USER: '100000' })
    restarts = await restartServer(gateway)
  })
  afterAll(async () => {
    restarts?.close()
    await gateway?.stop()
  })

  const run = (args: string[]) => {
    const env = {
      ...process.env,
      ...{ GATEWAY_URL: gateway.url, GATEWAY_TOKEN: token, VX11_TOKEN: token, RESTART_URL: restarts.url },
      ...{ PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1' },
    }
    return promisify(execFile)(python, ['-W', 'error', ...args], { cwd: folder, env })
  }

  it('passes its own tests', { timeout: 300_000 }, async () => {
    const { stderr } = await run(['-m', 'unittest', 'discover', '-s', 'tests']).catch((error) => error)
    expect(stderr).toMatch(/Ran \d{2} tests in \S+\s+OK\n$/)
  })

  it('does what its README shows', async () => {
    const examples = fencesOf(read('clients/python/README.md'), 'python')
    const told: string[] = []
    for (const example of examples) {
      const { stdout } = await run(['-c', example.replaceAll('http://127.0.0.1:8000', gateway.url)])
      told.push(stdout)
    }
    expect(told).toEqual([
      expect.stringContaining("'madre'"),
      expect.stringMatching(/^\d+\n\{'version': '1\.4\.2'\}\n503 switch_unavailable \S+ \S+\n$/),
      expect.stringMatching(/^\d+ \{'version': '1\.4\.2'\}\n$/),
    ])
  })
})

/** Lets another process have the gateway restarted: `POST /SIGKILL` ends it that way. */
async function restartServer(gateway: Gateway): Promise<{ url: string; close(): void }> {
  const server = createServer(async (request, response) => {
    await gateway.restart(request.url?.slice(1) as NodeJS.Signals)
    response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}
