/** `npm run demo`: the gateway with a simulated switch and shub beside it, and requests to try. Madre is the gateway's own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startShub } from './simulators/shub.ts'
import { startSwitch } from './simulators/switch.ts'

const token = `demo-${randomBytes(12).toString('hex')}`
const dataDir = await mkdtemp(join(tmpdir(), 'vx11-demo-'))
const simulators = {
  switch: await startSwitch({ token, modelReply: (last) => `The simulated model read: ${last}` }),
  shub: await startShub({ token, analysis: 'works' }),
}
const port = Number(process.env.PORT || 8000)
const url = `http://127.0.0.1:${port}`
const gateway = startGateway()
const stopped = once(gateway, 'exit')

process.once('exit', () => gateway.kill('SIGKILL'))
process.once('SIGINT', () => gateway.kill('SIGTERM'))
process.once('SIGTERM', () => gateway.kill('SIGTERM'))

if (await isReady()) process.stdout.write(greeting())
const [exitCode] = await stopped
await Promise.all(Object.values(simulators).map((simulator) => simulator.close()))
await rm(dataDir, { recursive: true, force: true })
process.exitCode = exitCode ?? 0

/** In a process group of its own, so that Ctrl-C reaches it once, through us. */
function startGateway(): ChildProcess {
  const entry = fileURLToPath(new URL('../../dist/node.js', import.meta.url))
  const env = {
    ...process.env,
    HOST: '127.0.0.1',
    PORT: String(port),
    VX11_ENV: 'development',
    VX11_DATA_DIR: dataDir,
    VX11_TENTACULO_LINK_TOKEN: token,
    MADRE_URL: 'embedded',
    SWITCH_URL: simulators.switch.url,
    SHUB_URL: simulators.shub.url,
    // What the caller's shell has set for another gateway must not reach this one.
    VX11_SHUB_UPSTREAM: '',
    VX11_UPSTREAM_TOKEN: '',
    VX11_TENTACULO_LINK_SHARED_SECRET: '',
  }
  return spawn(process.execPath, [entry], { env, stdio: 'inherit', detached: true })
}

/** False when the gateway ended before it answered. */
async function isReady(): Promise<boolean> {
  const isAlive = async () => (await fetch(`${url}/livez`).catch(() => null))?.ok ?? false
  while (gateway.exitCode === null && gateway.signalCode === null) {
    if (await isAlive()) return true
    await delay(100)
  }
  return false
}

function greeting(): string {
  const withToken = `-H 'X-VX11-Token: ${token}'`
  const asJson = "-H 'Content-Type: application/json'"
  return `
gateway  ${url}   (token ${token})
switch   ${simulators.switch.url}   simulated
shub     ${simulators.shub.url}   simulated

What is up:
  curl ${url}/vx11/status
A health answer, from the cache the second time:
  curl -i ${url}/shub/health
Switch sleeps by policy until a power window is open:
  curl ${withToken} ${asJson} -d '{"services":["switch"],"ttl_sec":300}' ${url}/operator/api/window/open
  curl ${withToken} ${url}/switch/queue/status
A batch of audio files, handed to shub:
  curl ${withToken} ${asJson} -d '{"job_name":"demo","audio_files":["/a.wav"]}' ${url}/shub/api/batch/submit
A stream through the gateway and back, 64 MiB:
  head -c 67108864 /dev/zero | curl -s ${withToken} -T - -X POST ${url}/shub/echo | wc -c
Events that keep coming:
  curl -N ${withToken} '${url}/shub/sse?every=1000'

Ctrl-C stops everything.

`
}
