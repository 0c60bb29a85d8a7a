/** Starts a real nginx with the project's own front configuration, before gateways of a test. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from './free-port.ts'

const front = fileURLToPath(new URL('../../deploy/nginx/tentaculo-link.conf', import.meta.url))

export const hasNginx = !spawnSync('nginx', ['-v']).error
if (!hasNginx) {
  if (process.env.CI) throw new Error('nginx is missing: apt-get install nginx-light')
  process.stderr.write('\n!! SKIPPED: no nginx here; rolling behind it is untested (apt-get install nginx-light)\n\n')
}

export interface Nginx {
  url: string
  /** What it complained about. */
  errors(): Promise<string>
  stop(): Promise<void>
}

/** `ports`: of the two instances that the configuration names. */
export async function startNginx(ports: readonly [number, number]): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'nginx-'))
  const port = await freePort()
  const file = join(folder, 'nginx.conf')
  await writeFile(file, nginxConf(folder, await frontFor(port, ports)))
  const server = spawn('nginx', ['-p', folder, '-c', file, '-e', join(folder, 'error.log')], { stdio: 'ignore' })
  const endWithUs = () => void server.kill('SIGKILL')
  process.once('exit', endWithUs)
  const nginx: Nginx = {
    url: `http://127.0.0.1:${port}`,
    errors: () => readFile(join(folder, 'error.log'), 'utf8').catch(() => ''),
    async stop() {
      process.off('exit', endWithUs)
      if (server.exitCode === null) {
        const exit = once(server, 'exit')
        server.kill('SIGTERM')
        await exit
      }
      await rm(folder, { recursive: true, force: true })
    },
  }
  await untilAnswering(nginx, () => server.exitCode)
  return nginx
}

async function frontFor(port: number, [one, other]: readonly [number, number]): Promise<string> {
  let text = await readFile(front, 'utf8')
  for (const [place, actual] of [
    ['listen 127.0.0.1:8000', port],
    ['server 127.0.0.1:8001', one],
    ['server 127.0.0.1:8002', other],
  ] as const) {
    if (!text.includes(place)) throw new Error(`${front} has no ${place}`)
    text = text.replace(place, place.replace(/\d+$/, String(actual)))
  }
  return text
}

/** The test's user may be root, whose folder nginx would otherwise enter as another user. */
const nginxConf = (folder: string, text: string): string => `
daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path ${folder}/client;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
${text}
}
`

async function untilAnswering(nginx: Nginx, exitCode: () => number | null): Promise<void> {
  for (let attempt = 0; attempt < 500 && exitCode() === null; attempt++) {
    const answers = await fetch(`${nginx.url}/health`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (answers) return
    await wait(20)
  }
  throw new Error(`nginx does not answer:\n${await nginx.errors()}`)
}
