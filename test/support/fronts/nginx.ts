/** Starts a real nginx with the project's own front configuration, before gateways of a test. */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'
import { deployedText, type Front, frontOf, isInstalled } from './front.ts'

export const hasNginx = isInstalled('nginx', ['-v'], 'nginx-light')

/** `ports`: of the two instances that the configuration names. */
export async function startNginx([one, other]: readonly [number, number]): Promise<Front> {
  const folder = await mkdtemp(join(tmpdir(), 'nginx-'))
  const port = await freePort()
  const text = await deployedText('nginx/tentaculo-link.conf', {
    'listen 127.0.0.1:8000': `listen 127.0.0.1:${port}`,
    'server 127.0.0.1:8001': `server 127.0.0.1:${one}`,
    'server 127.0.0.1:8002': `server 127.0.0.1:${other}`,
  })
  const file = join(folder, 'nginx.conf')
  await writeFile(file, nginxConf(folder, text))
  const errors = join(folder, 'error.log')
  const server = spawn('nginx', ['-p', folder, '-c', file, '-e', errors], { stdio: 'ignore' })
  const complaints = () => readFile(errors, 'utf8').catch(() => '')
  return frontOf(server, { url: `http://127.0.0.1:${port}`, folder, complaints })
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
